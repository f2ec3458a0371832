package io.asyncgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.HttpEvent.ResponseBody;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.WebSocketEvent.Accept;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.WebSocketDriver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceWebSocketTest {
    private static WebSocketDriver open(String target) {
        return ApplicationDriver.webSocket(
                new Reference(), WebSocketScope.builder().target(target).subprotocols("chat"));
    }

    @ParameterizedTest
    @CsvSource({"/ws, true, 2147483647", "/ws/plain, false, 2147483647", "/ws/small, true, 65536"})
    void acceptsWithTheLimitsOfThePath(String target, boolean compression, int maxMessageSize) {
        try (WebSocketDriver driver = open(target)) {
            Accept accept = driver.expect(Accept.class);
            assertThat(accept.compression()).isEqualTo(compression);
            assertThat(accept.maxMessageSize()).isEqualTo(maxMessageSize);
            assertThat(accept.subprotocol()).isNull();
        }
    }

    @Test
    void sendsTextAndBinaryBackUntilTheClientCloses() {
        try (WebSocketDriver driver = open("/ws")) {
            driver.expect(Accept.class);
            driver.text("grüß dich");
            driver.expectText("grüß dich");
            driver.binary(ByteBuffer.wrap(new byte[] {0, 1, (byte) 0xff}));
            driver.expectBinary(ByteBuffer.wrap(new byte[] {0, 1, (byte) 0xff}));
            driver.text("");
            driver.expectText("");
            driver.disconnect(1000, "bye");
            driver.expectEnd();
        }
    }

    @Test
    void pullsTheNextMessageWhenTheClientHasTakenTheOneBefore() {
        try (WebSocketDriver driver = open("/ws")) {
            driver.expect(Accept.class);
            driver.expectPull();
            driver.hold();
            driver.text("one");
            driver.expectText("one");
            driver.expectNoPull();
            driver.releaseOne();
            driver.expectPull();
        }
    }

    @ParameterizedTest
    @CsvSource({"/ws/deny, 403, denied", "/elsewhere, 404, no WebSocket here"})
    void refusesWithAResponse(String target, int status, String text) {
        try (WebSocketDriver driver = open(target)) {
            assertThat(driver.expect(ResponseStart.class).status()).isEqualTo(status);
            ResponseBody body = driver.expect(ResponseBody.class);
            assertThat(body.more()).isFalse();
            assertThat(StandardCharsets.UTF_8.decode(body.body()).toString()).startsWith(text);
            driver.expectEnd();
        }
    }
}
