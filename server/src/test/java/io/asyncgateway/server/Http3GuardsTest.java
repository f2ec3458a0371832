package io.asyncgateway.server;

import static io.asyncgateway.server.Http3Client.frame;
import static io.asyncgateway.server.Http3Client.octets;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What a peer may make the server do over HTTP/3, and how a connection ends. */
class Http3GuardsTest {
    private static final Application APPLICATION = Applications.builder()
            .http((scope, receive, send) ->
                    scope.localPath().equals("/wait") ? Mono.never() : Http.respond(send, 200, "here"))
            .build();

    private static TestServer start(UnaryOperator<Http3Options> change) {
        return TestServer.startHttp3(
                APPLICATION, config -> config.withTimeouts(config.timeouts().withDisconnectGrace(Duration.ZERO))
                        .withHttp3(change.apply(config.http3())));
    }

    /** RFC 9000 section 8.1.2. */
    @Test
    void aClientThatHasToProveItsAddressIsServed() throws IOException {
        try (TestServer server = start(options -> options.withHandshakesWithoutRetry(0));
                Http3Client client = server.http3Client()) {
            assertThat(client.get("/").response().body()).isEqualTo("here");
        }
    }

    /** RFC 9114 section 10.5. */
    @Test
    void aClientThatResetsStreamAfterStreamIsSentAway() {
        try (TestServer server = start(options -> options.withResets(10));
                Http3Client client = server.http3Client()) {
            for (int i = 0; i < 11; i++) {
                Http3Client.Stream stream = client.get("/wait");
                Waiting.await().until(() -> server.running().exchanges() > 0);
                stream.stop(Http3Error.H3_REQUEST_CANCELLED);
                server.awaitNoExchange();
            }
            assertThat(client.awaitClose()).isEqualTo(Http3Error.H3_EXCESSIVE_LOAD.code());
        }
    }

    /** RFC 9114 section 10.5. */
    @Test
    void aFloodOfEmptyFramesEndsTheConnection() {
        try (TestServer server = start(options -> options.withEmptyFrames(10));
                Http3Client client = server.http3Client()) {
            Http3Client.Stream stream = client.open();
            byte[] empty = frame(0x21, octets());
            for (int i = 0; i < 11; i++) {
                stream.send(empty, false);
            }
            assertThat(client.awaitClose()).isEqualTo(Http3Error.H3_EXCESSIVE_LOAD.code());
        }
    }

    /** RFC 9114 section 5.2. */
    @Test
    void aShutdownTellsFirstThatItComesAndThenWhichRequestWasTheLast() throws IOException {
        try (TestServer server = start(options -> options.withGoAwayGrace(Duration.ofMillis(100)));
                Http3Client client = server.http3Client()) {
            assertThat(client.get("/").response().status()).isEqualTo(200);
            server.running().shutdown().subscribe();
            Http3Client.Stream control = client.control();
            control.type();
            control.frame();
            assertThat(control.frame().type()).isEqualTo(Http3FrameDecoder.GOAWAY);
            assertThat(control.frame().payload()).isEqualTo(octets(4));
            assertThat(client.awaitClose()).isEqualTo(Http3Error.H3_NO_ERROR.code());
        }
    }
}
