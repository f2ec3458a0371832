package io.asyncgateway.samples.legacy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser as the shop sees it: cookies, redirects, and forms with their hidden fields. */
final class Visitor {
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final RunningShop shop;
    private final CookieManager cookies = new CookieManager();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    Visitor(RunningShop shop) {
        this.shop = shop;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    /** Follows redirects as a browser does. The client's own way sends the fields of a form's body along, though there is no body. */
    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        for (int i = 0; i < 5 && response.statusCode() / 100 == 3; i++) {
            String location = response.headers().firstValue("location").orElseThrow();
            HttpRequest next = HttpRequest.newBuilder(response.uri().resolve(location))
                    .timeout(LIMIT)
                    .build();
            response = client.send(next, BodyHandlers.ofString());
        }
        return response;
    }

    HttpResponse<byte[]> download(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(shop.uri("http", path)).timeout(LIMIT);
    }

    /** Fills in a form and sends it, with the token of the page that it is on. */
    HttpResponse<String> submit(String page, String action, Map<String, String> fields)
            throws IOException, InterruptedException {
        return post(action, form(fields) + "&_csrf=" + encode(token(page)));
    }

    /** Sends a form that is on none of the shop's pages. */
    HttpResponse<String> forge(String action, Map<String, String> fields) throws IOException, InterruptedException {
        return post(action, form(fields));
    }

    private HttpResponse<String> post(String action, String form) throws IOException, InterruptedException {
        return send(request(action)
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    /** The same with a file. */
    HttpResponse<String> upload(String page, String action, Map<String, String> fields, String name, byte[] file)
            throws IOException, InterruptedException {
        String boundary = "----boundary";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        StringBuilder parts = new StringBuilder();
        fields.forEach((field, value) ->
                part(parts, boundary, "name=\"" + field + "\"").append(value).append("\r\n"));
        part(parts, boundary, "name=\"_csrf\"").append(token(page)).append("\r\n");
        part(parts, boundary, "name=\"" + name + "\"; filename=\"picture.png\"");
        body.write(parts.toString().getBytes(StandardCharsets.UTF_8));
        body.write(file);
        body.write(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return send(request(action)
                .header("content-type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.ofByteArray(body.toByteArray())));
    }

    private static StringBuilder part(StringBuilder parts, String boundary, String disposition) {
        return parts.append("--")
                .append(boundary)
                .append("\r\ncontent-disposition: form-data; ")
                .append(disposition)
                .append("\r\n\r\n");
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private String token(String page) throws IOException, InterruptedException {
        String text = get(page).body();
        Matcher token = TOKEN.matcher(text);
        if (!token.find()) {
            throw new AssertionError("no token in " + page + ": " + text);
        }
        return token.group(1);
    }

    HttpResponse<String> register(String name, String email, String password) throws IOException, InterruptedException {
        return submit("/shop/register", "/shop/register", Map.of("name", name, "email", email, "password", password));
    }

    HttpResponse<String> logIn(String email, String password) throws IOException, InterruptedException {
        return submit("/shop/login", "/shop/login", Map.of("email", email, "password", password));
    }

    void choose(long product, int quantity) throws IOException, InterruptedException {
        submit(
                "/shop/products/" + product,
                "/shop/cart/add",
                Map.of("product", Long.toString(product), "quantity", Integer.toString(quantity)));
    }

    HttpResponse<String> order() throws IOException, InterruptedException {
        return submit("/shop/cart", "/shop/orders", Map.of());
    }

    /** The cookie of the session. */
    HttpCookie session() {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals("JSESSIONID"))
                .findFirst()
                .orElseThrow();
    }
}
