package io.asyncgateway.server;

import static io.asyncgateway.server.TestServer.timeouts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSockets;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The end of a WebSocket on a real socket, whose peer has broken a rule and goes on all the same. */
class WebSocketEndTest {
    private static final int FRAME = 1_000;

    private final Application application = Applications.builder()
            .webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                    .then(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Send(message)))))
            .build();

    /** Which has enough time to read why. */
    private TestServer start() {
        return TestServer.start(application, config -> timeouts(times -> times.withLinger(Duration.ofSeconds(60)))
                .apply(config.withWebSocket(WebSocketOptions.defaults().withMaxFrameSize(FRAME))));
    }

    private static RawClient broken(TestServer server) {
        RawClient client = server.client();
        client.send(WebSocketBench.requestOctets());
        assertThat(client.read().status()).isEqualTo(101);
        client.send(ClientFrames.text("x").unmasked().bytes());
        return client;
    }

    @Test
    void aPeerThatSendsTheRestOfAFrameReadsWhy() {
        try (TestServer server = start();
                RawClient client = broken(server)) {
            client.send(new byte[FRAME / 2]);
            assertThat(client.halfClose().readToEnd()).contains("frame is not masked");
        }
    }

    @Test
    void aPeerThatSendsMoreThanAFrameMayHaveReadsWhyWhenItIsThrough() {
        try (TestServer server = start();
                RawClient client = server.client()) {
            client.send(WebSocketBench.requestOctets());
            assertThat(client.read().status()).isEqualTo(101);
            client.send(ClientFrames.frame(2, new byte[300_000]).bytes());
            assertThat(client.halfClose().readToEnd()).contains("\u0003\u00f1"); // 1009
        }
    }

    @Test
    void aPeerThatSendsWithoutEndIsCutOff() {
        try (TestServer server = start();
                RawClient client = broken(server)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            client.send(new byte[10_000]);
                        }
                    })
                    .hasRootCauseInstanceOf(IOException.class);
        }
    }
}
