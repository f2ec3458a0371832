package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.HttpVersion;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.RequestScopeBuilder;
import io.asyncgateway.api.TlsInfo;
import io.asyncgateway.api.testing.HttpDriver;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a servlet sees of a request. */
class ServletRequestTest {

    private static Deployed tells(Function<HttpServletRequest, Object> fact) {
        return Deployed.of((request, response) -> {
            response.setCharacterEncoding("UTF-8");
            response.getWriter().print(fact.apply(request));
        });
    }

    @Test
    void aServletSeesMethodPathsQueryAndHeaderFieldsAsTheyCame() {
        try (Deployed app = tells(request -> String.join(
                "|",
                request.getMethod(),
                request.getRequestURI(),
                request.getContextPath(),
                request.getServletPath(),
                request.getPathInfo(),
                request.getQueryString(),
                request.getParameter("ü"),
                String.join(",", Collections.list(request.getHeaderNames())),
                String.join(",", Collections.list(request.getHeaders("x-two")))))) {
            HttpDriver.Response response = app.answer(HttpScope.builder()
                    .method("PATCH")
                    .target("/a%20b/c;v=1?%C3%BC=1&x=")
                    .headers(Headers.of("host", "example.com:8080", "x-two", "1", "user-agent", "me", "x-two", "2")));
            assertThat(response.text())
                    .isEqualTo("PATCH|/a%20b/c;v=1|||/a b/c|%C3%BC=1&x=|1|Host,x-two,User-Agent|1,2");
        }
    }

    @Test
    void theUrlIsMadeOfSchemeHostAndPath() {
        try (Deployed app = tells(request -> request.getRequestURL() + "|" + request.getServerName() + "|"
                + request.getServerPort() + "|" + request.isSecure())) {
            assertThat(app.answer(HttpScope.builder().target("/a?b").header("host", "example.com:8080"))
                            .text())
                    .isEqualTo("http://example.com:8080/a|example.com|8080|false");
            assertThat(app.answer(HttpScope.builder()
                                    .target("/a")
                                    .scheme("https")
                                    .header("host", "example.com:443"))
                            .text())
                    .isEqualTo("https://example.com/a|example.com|443|true");
            assertThat(app.answer(absolute("absolute:81")).text()).isEqualTo("http://absolute:81/a|absolute|81|false");
            assertThat(app.answer(absolute("another")).status()).isEqualTo(400);
        }
    }

    private static RequestScopeBuilder.ForHttp absolute(String host) {
        return HttpScope.builder().target("http://absolute:81/a?b").header("host", host);
    }

    @Test
    void addressesAreThoseOfTheScope() {
        try (Deployed app = tells(request -> String.join(
                "|",
                request.getRemoteAddr(),
                "" + request.getRemotePort(),
                request.getLocalAddr(),
                "" + request.getLocalPort()))) {
            assertThat(app.answer(HttpScope.builder()
                                    .client(new InetSocketAddress("192.0.2.7", 4711))
                                    .server(new InetSocketAddress("198.51.100.1", 8443)))
                            .text())
                    .isEqualTo("192.0.2.7|4711|198.51.100.1|8443");
            assertThat(app.answer(HttpScope.builder()
                                    .client(UnixDomainSocketAddress.of(""))
                                    .server(UnixDomainSocketAddress.of("/run/app.sock")))
                            .text())
                    .endsWith("|-1|/run/app.sock|-1");
            assertThat(app.answer(HttpScope.builder().client(null).server(null)).text())
                    .isEqualTo("null|-1|null|-1");
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_0,HTTP/1.0", "HTTP_1_1,HTTP/1.1", "HTTP_2,HTTP/2.0", "HTTP_3,HTTP/3.0"})
    void theProtocolIsTheVersionOfTheRequest(HttpVersion version, String protocol) {
        try (Deployed app = tells(HttpServletRequest::getProtocol)) {
            assertThat(app.answer(HttpScope.builder().httpVersion(version)).text())
                    .isEqualTo(protocol);
        }
    }

    @Test
    void aServletSeesTheTlsOfItsClient() {
        X509Certificate certificate = TestCertificate.alice();
        try (Deployed app = tells(request -> {
            X509Certificate[] chain =
                    (X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate");
            return String.join(
                    "|",
                    "" + request.getAttribute("jakarta.servlet.request.cipher_suite"),
                    "" + request.getAttribute("jakarta.servlet.request.key_size"),
                    "" + request.getAttribute("jakarta.servlet.request.secure_protocol"),
                    chain == null ? "none" : chain[0].getSubjectX500Principal().getName());
        })) {
            TlsInfo known = new TlsInfo("TLSv1.3", "TLS_AES_128_GCM_SHA256", List.of(certificate), "example.com");
            TlsInfo unknown = new TlsInfo("TLSv1.2", "TLS_RSA_WITH_AES_256_CBC_SHA", List.of(), null);
            assertThat(app.answer(HttpScope.builder().scheme("https").tls(known))
                            .text())
                    .isEqualTo("TLS_AES_128_GCM_SHA256|128|TLSv1.3|CN=alice");
            assertThat(app.answer(HttpScope.builder().scheme("https").tls(unknown))
                            .text())
                    .isEqualTo("TLS_RSA_WITH_AES_256_CBC_SHA|256|TLSv1.2|none");
            assertThat(app.answer("/").text()).isEqualTo("null|null|null|none");
        }
    }

    @Test
    void aServletReadsTheBodyInPartsAndToItsEnd() {
        try (Deployed app = Deployed.of((request, response) -> {
                    byte[] body = request.getInputStream().readAllBytes();
                    response.getOutputStream().print(request.getContentLengthLong() + ":");
                    response.getOutputStream().write(body);
                });
                HttpDriver driver =
                        app.request(HttpScope.builder().method("POST").header("content-length", "9"))) {
            driver.part("one");
            driver.part("");
            driver.part("two");
            driver.lastPart("end");
            assertThat(driver.expectResponse().text()).isEqualTo("9:onetwoend");
            driver.expectEnd();
        }
    }

    @Test
    void noBytesArePulledBeforeTheServletReadsAndOneEventAheadAfterwards() throws Exception {
        Gate gate = new Gate();
        try (Deployed app = Deployed.of((request, response) -> {
                    gate.pass();
                    request.getInputStream().readNBytes(1);
                    gate.pass();
                });
                HttpDriver driver =
                        app.request(HttpScope.builder().method("POST").header("transfer-encoding", "chunked"))) {
            driver.part("a");
            gate.awaitArrival();
            driver.expectNoPull();
            gate.open();
            gate.awaitArrival();
            driver.expectPull();
            driver.part("b");
            driver.expectNoPull();
            gate.open();
            driver.expectStart(200);
        }
    }

    @Test
    void trailersAreReadyAfterTheBody() {
        try (Deployed app = Deployed.of((request, response) -> {
                    String before = "" + request.isTrailerFieldsReady();
                    request.getInputStream().readAllBytes();
                    response.getWriter().print(before + request.isTrailerFieldsReady() + request.getTrailerFields());
                });
                HttpDriver driver =
                        app.request(HttpScope.builder().method("POST").header("transfer-encoding", "chunked"))) {
            driver.part("data");
            driver.give(new HttpEvent.Request(utf8("more"), false, Headers.of("x-sum", "42")));
            assertThat(driver.expectResponse().text()).isEqualTo("falsetrue{x-sum=42}");
        }
    }

    @Test
    void formsAreReadAsParameters() {
        try (Deployed app = tells(request -> request.getParameter("name") + request.getParameter("q"));
                HttpDriver driver = app.request(HttpScope.builder()
                        .method("POST")
                        .target("/?q=1")
                        .headers(Headers.of(
                                "content-type", "application/x-www-form-urlencoded", "content-length", "9")))) {
            driver.lastPart("name=Ann+");
            assertThat(driver.expectResponse().text()).isEqualTo("Ann 1");
        }
    }

    @Test
    void aBodyThatTheServerRefusesIsAnIoExceptionAndItsStatusTheAnswer() {
        try (Deployed app = Deployed.of(
                        (request, response) -> request.getInputStream().readAllBytes());
                HttpDriver driver =
                        app.request(HttpScope.builder().method("POST").header("content-length", "9"))) {
            driver.part("one");
            driver.breakBody(new RequestException(413, "body: 9 bytes (expected: at most 5)"));
            assertThat(driver.expectResponse().status()).isEqualTo(413);
            driver.expectEnd();
        }
        try (Deployed app = Deployed.of((request, response) -> {
                    try {
                        request.getInputStream().readAllBytes();
                    } catch (IOException refused) {
                        response.getWriter().print("caught");
                    }
                });
                HttpDriver driver =
                        app.request(HttpScope.builder().method("POST").header("content-length", "9"))) {
            driver.breakBody(new RequestException(408, "body: nothing for 30 s"));
            assertThat(driver.expectResponse().text()).isEqualTo("caught");
        }
    }

    @Test
    void aBodyThatIsNotReadDoesNoHarm() {
        try (Deployed app =
                        Deployed.of((request, response) -> response.getWriter().print("done"));
                HttpDriver driver =
                        app.request(HttpScope.builder().method("POST").header("content-length", "99"))) {
            driver.part("one");
            assertThat(driver.expectResponse().text()).isEqualTo("done");
            driver.expectEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%2Fb", "/a/..;/b", "/%2e%2e/a", "/a//b", "/a%5cb", "/a%zzb", "/a%"})
    void anAmbiguousOrMalformedPathIs400(String target) {
        try (Deployed app = Deployed.of((request, response) -> {})) {
            HttpDriver.Response response;
            try (HttpDriver driver = app.get(target)) {
                try {
                    response = driver.expectResponse();
                } catch (AssertionError noResponse) {
                    assertThat(driver.expectFailure(RequestException.class).status())
                            .isEqualTo(400);
                    return;
                }
            }
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.text()).doesNotContainIgnoringCase("jetty");
        }
    }

    @Test
    void aPathWithOctetsOutsideAsciiIsReadAsUtf8() {
        try (Deployed app = tells(request -> request.getPathInfo() + request.getRequestURI())) {
            String octets = new String("/grün".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            assertThat(app.answer(octets).text()).isEqualTo("/grün/gr%C3%BCn");
        }
    }

    @Test
    void optionsOfTheWholeServerIsNoPathOfAServletAnd404() {
        try (Deployed app = tells(request -> request.getRequestURI())) {
            assertThat(app.answer(HttpScope.builder().method("OPTIONS").target("*"))
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void theConnectionOfARequestSaysWhetherItIsSecure() {
        try (Deployed app = tells(request -> request.getServletConnection().isSecure() + "|"
                + request.getServletConnection().getProtocol())) {
            assertThat(app.answer(HttpScope.builder().scheme("https")).text()).isEqualTo("true|HTTP/1.1");
        }
    }

    @Test
    void aRequestKeepsItsIdAndHasAnotherThanTheNext() {
        try (Deployed app = tells(request -> request.getRequestId().equals(request.getRequestId())
                + "|"
                + request.getServletConnection()
                        .getConnectionId()
                        .equals(request.getServletConnection().getConnectionId())
                + "|"
                + request.getRequestId())) {
            String first = app.answer("/").text();
            assertThat(first).startsWith("true|true|");
            assertThat(app.answer("/").text()).startsWith("true|true|").isNotEqualTo(first);
        }
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
