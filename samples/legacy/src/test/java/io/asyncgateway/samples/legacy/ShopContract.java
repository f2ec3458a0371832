package io.asyncgateway.samples.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What the site does, over real HTTP, whichever its database is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class ShopContract {
    private static final String PASSWORD = "correct horse battery";
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1, 2, 3};

    private final AtomicInteger number = new AtomicInteger();
    private RunningShop shop;

    /** The settings of a database that is empty and is there until the tests have ended. */
    abstract Map<String, String> openDatabase() throws Exception;

    @BeforeAll
    void open() throws Exception {
        shop = new RunningShop(openDatabase());
    }

    @AfterAll
    void close() {
        if (shop != null) {
            shop.close();
        }
    }

    private Visitor visitor() {
        return new Visitor(shop);
    }

    private Visitor customer(String name) throws Exception {
        Visitor visitor = visitor();
        String email = "customer" + number.incrementAndGet() + "@example.com";
        assertThat(visitor.register(name, email, PASSWORD).body()).contains("You can log in now");
        assertThat(visitor.logIn(email, PASSWORD).uri().getPath()).isEqualTo("/shop/");
        return visitor;
    }

    private Visitor staff() throws Exception {
        Visitor visitor = visitor();
        assertThat(visitor.logIn(RunningShop.STAFF, RunningShop.STAFF_PASSWORD).statusCode())
                .isEqualTo(200);
        return visitor;
    }

    /** A product of its own for each test; its number. */
    private long product(int stock) throws Exception {
        HttpResponse<String> added = add(staff(), "Product " + number.incrementAndGet(), stock, new byte[0]);
        assertThat(added.statusCode()).isEqualTo(200);
        return id(added);
    }

    private static HttpResponse<String> add(Visitor staff, String name, int stock, byte[] picture) throws Exception {
        return staff.upload(
                "/shop/staff",
                "/shop/staff/products",
                Map.of("name", name, "description", "For a test.", "price", "2.50", "stock", Integer.toString(stock)),
                "picture",
                picture);
    }

    private static long id(HttpResponse<?> page) {
        String path = page.uri().getPath();
        return Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
    }

    // ------------------------------------------------------------------------------------------------ looking around

    @Test
    void theSiteLeadsToTheShopWhichShowsItsGoodsAndMakesNoSession() throws Exception {
        HttpResponse<String> page = visitor().get("/");

        assertThat(page.uri().getPath()).isEqualTo("/shop/");
        assertThat(page.body()).contains("Teapot", "Sold out", "href=\"/shop/products/");
        assertThat(page.headers().firstValue("set-cookie")).isEmpty();
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'");
    }

    @Test
    void whatIsNotThereIsAPageThatSaysSo() throws Exception {
        for (String path : new String[] {"/shop/products/999999", "/shop/?page=-1", "/shop/pictures/999999"}) {
            assertThat(visitor().get(path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(visitor().get("/shop/products/x").statusCode()).isEqualTo(400);
    }

    @Test
    void staticFilesAreServedUnderTheContextPath() throws Exception {
        HttpResponse<String> style = visitor().get("/shop/static/shop.css");

        assertThat(style.statusCode()).isEqualTo(200);
        assertThat(style.headers().firstValue("content-type").orElseThrow()).startsWith("text/css");
    }

    // ------------------------------------------------------------------------------------------------ accounts

    @Test
    void aPasswordIsKeptAsItsHashAlone() throws Exception {
        customer("Ada");

        try (Connection connection = connect();
                ResultSet hashes = connection.createStatement().executeQuery("select passwordHash from Account")) {
            while (hashes.next()) {
                assertThat(hashes.getString(1)).startsWith("{bcrypt}$2a$10$");
            }
        }
    }

    private Connection connect() throws SQLException {
        Map<String, String> database = database();
        return DriverManager.getConnection(
                database.get("shop.database.url"),
                database.get("shop.database.user"),
                database.get("shop.database.password"));
    }

    /** The settings that {@link #openDatabase()} has returned. */
    abstract Map<String, String> database();

    @Test
    void anAccountNeedsANameAnAddressAndALongPassword() throws Exception {
        Visitor visitor = visitor();

        assertThat(visitor.register("", "none", "short").body()).contains("Name: ", "Email: ", "Password: ");
        assertThat(visitor.register("Ada", "long@example.com", "x".repeat(73)).body())
                .contains("Password: ");
        assertThat(visitor.register("Ada", RunningShop.STAFF, PASSWORD).body()).contains("has an account already");
    }

    @Test
    void aLogInChangesTheSessionAndAWrongOneSaysNothingOfTheAccount() throws Exception {
        Visitor visitor = visitor();
        visitor.register("Ada", "session@example.com", PASSWORD);
        HttpResponse<String> wrong = visitor.logIn("session@example.com", "not the password");
        HttpResponse<String> nobody = visitor.logIn("nobody@example.com", "not the password");
        String before = visitor.session().getValue();
        visitor.logIn("session@example.com", PASSWORD);

        assertThat(wrong.body()).contains("Email and password do not fit");
        assertThat(nobody.body()).contains("Email and password do not fit");
        assertThat(visitor.session().getValue()).isNotEqualTo(before);
        assertThat(visitor.session().isHttpOnly()).isTrue();
        assertThat(visitor.get("/shop/").body()).contains("Log out");
        visitor.submit("/shop/", "/shop/logout", Map.of());
        assertThat(visitor.get("/shop/").body()).contains("Log in");
    }

    @Test
    void aFormThatIsNotTheShopsIsRefused() throws Exception {
        Visitor customer = customer("Ada");

        assertThat(customer.forge("/shop/cart/add", Map.of("product", "1", "quantity", "1"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(customer.forge("/shop/logout", Map.of()).statusCode()).isEqualTo(403);
    }

    @Test
    void theStaffsPagesAreForTheStaff() throws Exception {
        assertThat(visitor().get("/shop/staff").uri().getPath()).isEqualTo("/shop/login");
        Visitor customer = customer("Ada");
        assertThat(customer.get("/shop/staff").statusCode()).isEqualTo(403);
        assertThat(customer.get("/shop/staff/orders.csv").statusCode()).isEqualTo(403);
        assertThat(staff().get("/shop/staff").statusCode()).isEqualTo(200);
    }

    // ------------------------------------------------------------------------------------------------ orders

    @Test
    void anOrderIsPlacedAndShownWithEverythingEscaped() throws Exception {
        long product = product(5);
        Visitor customer = customer("<script>alert(1)</script>");
        customer.choose(product, 2);
        HttpResponse<String> placed = customer.order();

        assertThat(placed.uri().getPath()).startsWith("/shop/orders/");
        assertThat(placed.body())
                .contains("Your order was placed", "5.00", "&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script>");
        assertThat(customer.get("/shop/cart").body()).contains("It is empty");
        assertThat(customer.get("/shop/orders").body()).contains("Order " + id(placed));
        assertThat(customer.get("/shop/products/" + product).body()).contains("Only 3 left");
    }

    @Test
    void whoIsNotLoggedInKeepsTheCartUntilThen() throws Exception {
        long product = product(5);
        Visitor visitor = visitor();
        visitor.register("Ada", "later@example.com", PASSWORD);
        visitor.choose(product, 1);
        assertThat(visitor.order().uri().getPath()).isEqualTo("/shop/login");
        visitor.logIn("later@example.com", PASSWORD);

        assertThat(visitor.order().body()).contains("Your order was placed");
    }

    @Test
    void anOrderOfMoreThanThereIsOrdersNothing() throws Exception {
        long plenty = product(5);
        long scarce = product(1);
        Visitor customer = customer("Ada");
        customer.choose(plenty, 2);
        customer.choose(scarce, 2);
        HttpResponse<String> refused = customer.order();

        assertThat(refused.uri().getPath()).isEqualTo("/shop/cart");
        assertThat(refused.body()).contains("Nothing was ordered");
        assertThat(customer.get("/shop/orders").body()).contains("not ordered anything yet");
        assertThat(customer.get("/shop/products/" + plenty).body()).contains("In stock");
    }

    @Test
    void theLastOneIsSoldOnceHoweverManyWantIt() throws Exception {
        long product = product(1);
        Queue<String> outcomes = new ConcurrentLinkedQueue<>();
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            Visitor customer = customer("Customer");
            customer.choose(product, 1);
            threads[i] = new Thread(() -> {
                try {
                    outcomes.add(customer.order().uri().getPath());
                } catch (IOException | InterruptedException failure) {
                    outcomes.add(failure.toString());
                }
            });
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(outcomes).hasSize(threads.length);
        assertThat(outcomes.stream().filter(path -> path.startsWith("/shop/orders/")))
                .hasSize(1);
        assertThat(outcomes.stream().filter("/shop/cart"::equals)).hasSize(threads.length - 1);
    }

    @Test
    void ordersOfOthersAreNotThere() throws Exception {
        long product = product(5);
        Visitor ada = customer("Ada");
        ada.choose(product, 1);
        long order = id(ada.order());
        Visitor grace = customer("Grace");

        assertThat(grace.get("/shop/orders/" + order).statusCode()).isEqualTo(404);
        assertThat(grace.get("/shop/orders/" + order + "/receipt").statusCode()).isEqualTo(404);
        assertThat(visitor().get("/shop/orders/" + order).uri().getPath()).isEqualTo("/shop/login");
    }

    // ------------------------------------------------------------------------------------------------ files

    @Test
    void aReceiptIsAFile() throws Exception {
        Visitor customer = customer("Ada");
        customer.choose(product(5), 3);
        long order = id(customer.order());
        HttpResponse<byte[]> receipt = customer.download("/shop/orders/" + order + "/receipt");

        assertThat(receipt.headers().firstValue("content-disposition"))
                .hasValue("attachment; filename=\"order-" + order + ".txt\"");
        assertThat(new String(receipt.body(), StandardCharsets.UTF_8)).contains("3 x Product", "7.50 EUR");
    }

    @Test
    void aPictureIsUploadedAndServedAsWhatItIs() throws Exception {
        long product = id(add(staff(), "With a picture", 1, PNG));
        HttpResponse<byte[]> picture = visitor().download("/shop/pictures/" + product);

        assertThat(picture.body()).isEqualTo(PNG);
        assertThat(picture.headers().firstValue("content-type")).hasValue("image/png");
        assertThat(picture.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    }

    @Test
    void aFileThatIsNoPictureOrTooLargeIsRefused() throws Exception {
        Visitor staff = staff();

        assertThat(add(staff, "A page", 1, "<html>".getBytes(StandardCharsets.US_ASCII))
                        .body())
                .contains("neither PNG nor JPEG");
        assertThat(add(staff, "A film", 1, new byte[3 * 1024 * 1024]).statusCode())
                .isEqualTo(413);
        assertThat(add(staff, "Teapot", 1, new byte[0]).body()).contains("Name: is taken");
    }

    @Test
    void theListOfAllOrdersIsNoFormula() throws Exception {
        Visitor customer = customer("=1+1");
        customer.choose(product(5), 1);
        long order = id(customer.order());

        String list = staff().get("/shop/staff/orders.csv").body();
        assertThat(list).startsWith("order,placed,customer,product,price,quantity\r\n");
        assertThat(list).containsPattern("\n" + order + ",[^,]+,\"'=1\\+1\",\"Product \\d+\",2.50,1\r\n");
    }

    // ------------------------------------------------------------------------------------------------ live

    @Test
    void whoLooksAtThePageOfLiveOrdersHearsOfThemWithoutNames() throws Exception {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("origin", shop.uri("http", "").toString())
                .buildAsync(shop.uri("ws", "/live/ws"), new Ear(heard))
                .get(60, TimeUnit.SECONDS);
        long product = product(5);
        Visitor customer = customer("Nobody's business");
        customer.choose(product, 4);
        customer.order();

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(heard).anySatisfy(text -> assertThat(text)
                        .contains("\"quantity\":4", "\"total\":\"10.00\"")
                        .doesNotContain("business")));
        assertThat(visitor().get("/live").body()).contains("Live orders");
        socket.abort();
    }

    private record Ear(Queue<String> heard) implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            heard.add(data.toString());
            webSocket.request(1);
            return null;
        }
    }
}
