package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 as real clients speak it: Java's own, by Upgrade and by ALPN, and curl with prior knowledge. */
class Http2ServerTest {
    private static final Application APPLICATION = Applications.builder()
            .http((scope, receive, send) -> switch (scope.localPath()) {
                case "/echo" -> Http.stream(send, new ResponseStart(200), Http.body(receive));
                default ->
                    Http.respond(
                            send,
                            200,
                            scope.httpVersion() + " " + scope.method() + " " + scope.target() + " "
                                    + scope.headers().first("host") + " " + scope.scheme());
            })
            .build();

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(TestCertificates.clientContext())
                .build();
    }

    private static TestServer start(String scheme) {
        if (scheme.equals("http")) {
            return TestServer.start(APPLICATION);
        }
        return TestServer.start(APPLICATION, config -> config.withTls(Tls.of(List.of(TestCertificates.localhost()))));
    }

    private static HttpRequest.Builder request(TestServer server, String scheme, String target) {
        return HttpRequest.newBuilder(URI.create(scheme + "://localhost:" + server.port() + target));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void javasClientIsServedOverHttp2(String scheme) throws Exception {
        try (TestServer server = start(scheme)) {
            HttpResponse<String> response =
                    client().send(request(server, scheme, "/a?b").build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.body()).isEqualTo("HTTP/2 GET /a?b localhost:" + server.port() + " " + scheme);
            server.running().force().block(Waiting.PATIENCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void manyLargeBodiesComeAndGoAtOnce(String scheme) throws Exception {
        try (TestServer server = start(scheme)) {
            HttpClient client = client();
            client.send(request(server, scheme, "/").build(), HttpResponse.BodyHandlers.discarding());
            byte[] body = new byte[1_500_000];
            new Random(1).nextBytes(body);
            List<CompletableFuture<HttpResponse<byte[]>>> responses = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                responses.add(client.sendAsync(
                        request(server, scheme, "/echo")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray()));
            }
            for (CompletableFuture<HttpResponse<byte[]>> response : responses) {
                assertThat(Arrays.equals(response.get().body(), body)).isTrue();
                assertThat(response.get().version()).isEqualTo(HttpClient.Version.HTTP_2);
            }
            server.running().force().block(Waiting.PATIENCE);
        }
    }

    @Test
    void curlIsServedWithPriorKnowledge() throws Exception {
        try (TestServer server = start("http")) {
            assertThat(Curl.run("--http2-prior-knowledge", "http://localhost:" + server.port() + "/x"))
                    .isEqualTo("HTTP/2 GET /x localhost:" + server.port() + " http");
            assertThat(Curl.run(
                            "--http2-prior-knowledge", "-d", "hello", "http://localhost:" + server.port() + "/echo"))
                    .isEqualTo("hello");
        }
    }

    @Test
    void whereHttp2IsOffHttp1IsSpoken() throws Exception {
        UnaryOperator<ServerConfig> off =
                config -> config.withHttp2(Http2Options.defaults().withEnabled(false));
        try (TestServer server = TestServer.start(APPLICATION, off)) {
            assertThat(Curl.run("--http2", "http://localhost:" + server.port() + "/x"))
                    .startsWith("HTTP/1.1 GET /x");
        }
    }

    @Test
    void aPrefaceWithNothingBehindItIsClosedWithoutAWord() throws Exception {
        try (TestServer server = start("http");
                RawClient client = server.client()) {
            client.sendExactly("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void theAnswerToAnUpgradedRequestWaitsForThePreface() throws Exception {
        try (TestServer server = start("http");
                RawClient client = server.client()) {
            client.sendExactly("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                    + "Upgrade: h2c\r\nHTTP2-Settings: \r\n\r\n");
            assertThat(client.readHead().status()).isEqualTo(101);
            // Nobody speaks HTTP/2 here, so that nothing follows.
            client.sendExactly("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            assertThat(client.readToEnd()).isEmpty();
        }
    }
}
