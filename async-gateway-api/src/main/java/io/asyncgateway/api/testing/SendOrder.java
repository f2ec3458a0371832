package io.asyncgateway.api.testing;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.WebSocketEvent;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The order of what an application sends: the states of the three protocols, and one table of the events that are legal in each. What is
 * not in the table is a {@link ProtocolViolationException}. A denied WebSocket goes on as an HTTP response.
 *
 * <pre>
 * HTTP       IDLE --start--> STARTED --last part, trailers--> COMPLETE
 * WebSocket  CONNECTING --accept--> OPEN --close--> CLOSED
 *            CONNECTING --start--> STARTED,  CONNECTING --close--> COMPLETE
 * lifespan   STARTING --complete--> SERVING --(Shutdown received)--> STOPPING --complete, failed--> STOPPED
 *            STARTING --failed--> STOPPED
 * </pre>
 */
enum SendOrder {
    IDLE,
    STARTED,
    COMPLETE,
    CONNECTING,
    OPEN,
    CLOSED,
    STARTING,
    SERVING,
    STOPPING,
    STOPPED;

    private static final Map<SendOrder, Map<Kind, SendOrder>> TABLE = new EnumMap<>(SendOrder.class);

    static {
        row(IDLE, Kind.EARLY_HINTS, IDLE);
        row(IDLE, Kind.RESPONSE_START, STARTED);
        row(STARTED, Kind.PART, STARTED);
        row(STARTED, Kind.LAST_PART, COMPLETE);
        row(STARTED, Kind.TRAILERS, COMPLETE);

        row(CONNECTING, Kind.ACCEPT, OPEN);
        row(CONNECTING, Kind.CLOSE, COMPLETE);
        row(CONNECTING, Kind.RESPONSE_START, STARTED);
        row(OPEN, Kind.MESSAGE, OPEN);
        row(OPEN, Kind.CLOSE, CLOSED);

        row(STARTING, Kind.STARTUP_COMPLETE, SERVING);
        row(STARTING, Kind.STARTUP_FAILED, STOPPED);
        row(STOPPING, Kind.SHUTDOWN_COMPLETE, STOPPED);
        row(STOPPING, Kind.SHUTDOWN_FAILED, STOPPED);
    }

    private static void row(SendOrder state, Kind event, SendOrder next) {
        TABLE.computeIfAbsent(state, s -> new EnumMap<>(Kind.class)).put(event, next);
    }

    /** The state after the event. */
    SendOrder after(SendEvent event) {
        Map<Kind, SendOrder> legal = TABLE.getOrDefault(this, Map.of());
        SendOrder next = legal.get(Kind.of(event));
        if (next == null) {
            throw new ProtocolViolationException(
                    "send: " + Kind.of(event).text + " in state " + this + " (expected: " + expected(legal) + ")");
        }
        return next;
    }

    private static String expected(Map<Kind, SendOrder> legal) {
        return legal.isEmpty()
                ? "nothing"
                : legal.keySet().stream().map(kind -> kind.text).collect(Collectors.joining(", "));
    }

    /** Whether an application may complete in this state. */
    boolean isEnd() {
        return switch (this) {
            case COMPLETE, OPEN, CLOSED, SERVING, STOPPING, STOPPED -> true;
            case IDLE, STARTED, CONNECTING, STARTING -> false;
        };
    }

    /** The events as the table tells them apart. */
    enum Kind {
        EARLY_HINTS("HttpEvent.EarlyHints"),
        RESPONSE_START("HttpEvent.ResponseStart"),
        PART("HttpEvent.ResponseBody or ResponseFile with more"),
        LAST_PART("HttpEvent.ResponseBody or ResponseFile without more"),
        TRAILERS("HttpEvent.ResponseTrailers"),
        ACCEPT("WebSocketEvent.Accept"),
        MESSAGE("WebSocketEvent.Send"),
        CLOSE("WebSocketEvent.Close"),
        STARTUP_COMPLETE("LifespanEvent.StartupComplete"),
        STARTUP_FAILED("LifespanEvent.StartupFailed"),
        SHUTDOWN_COMPLETE("LifespanEvent.ShutdownComplete"),
        SHUTDOWN_FAILED("LifespanEvent.ShutdownFailed");

        final String text;

        Kind(String text) {
            this.text = text;
        }

        static Kind of(SendEvent event) {
            if (event instanceof HttpEvent.ResponseBody body) {
                return body.more() ? PART : LAST_PART;
            }
            if (event instanceof HttpEvent.ResponseFile file) {
                return file.more() ? PART : LAST_PART;
            }
            Kind kind = BY_TYPE.get(event.getClass());
            if (kind == null) {
                throw new IllegalStateException("no kind for " + event.getClass());
            }
            return kind;
        }

        private static final Map<Class<? extends SendEvent>, Kind> BY_TYPE = Map.of(
                HttpEvent.EarlyHints.class, EARLY_HINTS,
                HttpEvent.ResponseStart.class, RESPONSE_START,
                HttpEvent.ResponseTrailers.class, TRAILERS,
                WebSocketEvent.Accept.class, ACCEPT,
                WebSocketEvent.Send.class, MESSAGE,
                WebSocketEvent.Close.class, CLOSE,
                LifespanEvent.StartupComplete.class, STARTUP_COMPLETE,
                LifespanEvent.StartupFailed.class, STARTUP_FAILED,
                LifespanEvent.ShutdownComplete.class, SHUTDOWN_COMPLETE,
                LifespanEvent.ShutdownFailed.class, SHUTDOWN_FAILED);
    }
}
