package io.asyncgateway.api.testing;

import static io.asyncgateway.api.testing.SendOrder.CLOSED;
import static io.asyncgateway.api.testing.SendOrder.COMPLETE;
import static io.asyncgateway.api.testing.SendOrder.CONNECTING;
import static io.asyncgateway.api.testing.SendOrder.IDLE;
import static io.asyncgateway.api.testing.SendOrder.OPEN;
import static io.asyncgateway.api.testing.SendOrder.STARTED;
import static io.asyncgateway.api.testing.SendOrder.STARTING;
import static io.asyncgateway.api.testing.SendOrder.STOPPED;
import static io.asyncgateway.api.testing.SendOrder.STOPPING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.WebSocketEvent;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SendOrderTest {
    private static final SendEvent HINTS = new HttpEvent.EarlyHints(Headers.empty());
    private static final SendEvent START = new HttpEvent.ResponseStart(200);
    private static final SendEvent PART = HttpEvent.ResponseBody.more(ByteBuffer.allocate(0));
    private static final SendEvent LAST_PART = HttpEvent.ResponseBody.last();
    private static final SendEvent FILE = new HttpEvent.ResponseFile(Path.of("x"), 0, 1, true);
    private static final SendEvent LAST_FILE = HttpEvent.ResponseFile.last(Path.of("x"));
    private static final SendEvent TRAILERS = new HttpEvent.ResponseTrailers(Headers.empty());
    private static final SendEvent ACCEPT = new WebSocketEvent.Accept();
    private static final SendEvent MESSAGE = WebSocketEvent.Send.text("x");
    private static final SendEvent CLOSE = new WebSocketEvent.Close();
    private static final SendEvent STARTUP_COMPLETE = new LifespanEvent.StartupComplete();
    private static final SendEvent STARTUP_FAILED = new LifespanEvent.StartupFailed("x");
    private static final SendEvent SHUTDOWN_COMPLETE = new LifespanEvent.ShutdownComplete();
    private static final SendEvent SHUTDOWN_FAILED = new LifespanEvent.ShutdownFailed("x");

    private static final Set<SendEvent> EVENTS = new LinkedHashSet<>(Arrays.asList(
            HINTS,
            START,
            PART,
            LAST_PART,
            FILE,
            LAST_FILE,
            TRAILERS,
            ACCEPT,
            MESSAGE,
            CLOSE,
            STARTUP_COMPLETE,
            STARTUP_FAILED,
            SHUTDOWN_COMPLETE,
            SHUTDOWN_FAILED));

    /** The specification, written a second time and by event. */
    private static final Map<SendOrder, Map<SendEvent, SendOrder>> LEGAL = Map.of(
            IDLE, Map.of(HINTS, IDLE, START, STARTED),
            STARTED, Map.of(PART, STARTED, FILE, STARTED, LAST_PART, COMPLETE, LAST_FILE, COMPLETE, TRAILERS, COMPLETE),
            CONNECTING, Map.of(ACCEPT, OPEN, CLOSE, COMPLETE, START, STARTED),
            OPEN, Map.of(MESSAGE, OPEN, CLOSE, CLOSED),
            STARTING, Map.of(STARTUP_COMPLETE, SendOrder.SERVING, STARTUP_FAILED, STOPPED),
            STOPPING, Map.of(SHUTDOWN_COMPLETE, STOPPED, SHUTDOWN_FAILED, STOPPED));

    @ParameterizedTest
    @EnumSource
    void anEventIsLegalWhereTheSpecificationSaysSoAndNowhereElse(SendOrder state) {
        Map<SendEvent, SendOrder> legal = new LinkedHashMap<>();
        for (SendEvent event : EVENTS) {
            try {
                legal.put(event, state.after(event));
            } catch (ProtocolViolationException illegal) {
                assertThat(illegal).hasMessageContaining("in state " + state).hasMessageContaining("expected: ");
            }
        }

        assertThat(legal).isEqualTo(LEGAL.getOrDefault(state, Map.of()));
    }

    @Test
    void everyKindOfEventIsInTheTable() {
        Stream<Class<?>> kinds = Arrays.stream(SendEvent.class.getPermittedSubclasses());

        assertThat(EVENTS.stream().map(Object::getClass).distinct())
                .containsExactlyInAnyOrderElementsOf(kinds.toList());
    }

    @Test
    void aRefusalSaysWhatWasExpected() {
        assertThatThrownBy(() -> IDLE.after(LAST_PART))
                .hasMessage("send: HttpEvent.ResponseBody or ResponseFile without more in state IDLE"
                        + " (expected: HttpEvent.EarlyHints, HttpEvent.ResponseStart)");
        assertThatThrownBy(() -> COMPLETE.after(START))
                .hasMessage("send: HttpEvent.ResponseStart in state COMPLETE (expected: nothing)");
    }
}
