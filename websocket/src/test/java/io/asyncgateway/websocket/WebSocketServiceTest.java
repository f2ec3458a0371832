package io.asyncgateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.testing.WebSocketDriver;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class WebSocketServiceTest {
    @Test
    void anEchoAnswersEachMessage() {
        try (WebSocketDriver driver = Sessions.drive(
                session -> session.messages().concatMap(session::send, 1).then())) {
            driver.expect(WebSocketEvent.Accept.class);
            driver.text("one");
            driver.text("two");
            driver.expectText("one");
            driver.expectText("two");
            driver.disconnect(1001, "");
            driver.expectEnd();
        }
    }

    @Test
    void aHandlerThatCompletesClosesWithNormal() {
        AtomicReference<CloseStatus> closed = new AtomicReference<>();
        try (WebSocketDriver driver = Sessions.drive(session -> {
            session.closed().subscribe(closed::set);
            return session.sendText("bye");
        })) {
            driver.expect(WebSocketEvent.Accept.class);
            driver.expectText("bye");
            assertThat(driver.expect(WebSocketEvent.Close.class)).isEqualTo(new WebSocketEvent.Close(1000));
            driver.expectEnd();
            assertThat(closed.get()).isEqualTo(new CloseStatus(1000, ""));
        }
    }

    @Test
    void theWorkIsCancelledWhenThePeerLeaves() {
        AtomicBoolean cancelled = new AtomicBoolean();
        AtomicReference<CloseStatus> closed = new AtomicReference<>();
        try (WebSocketDriver driver = Sessions.drive(session -> {
            session.closed().subscribe(closed::set);
            return Mono.<Void>never().doOnCancel(() -> cancelled.set(true));
        })) {
            driver.expect(WebSocketEvent.Accept.class);
            driver.disconnect(4001, "enough");
            driver.expectEnd();
            assertThat(cancelled).isTrue();
            assertThat(closed.get()).isEqualTo(new CloseStatus(4001, "enough"));
        }
    }
}
