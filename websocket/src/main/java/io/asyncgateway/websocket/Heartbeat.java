package io.asyncgateway.websocket;

import io.asyncgateway.api.WebSocketMessage;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A watch over peers that are gone without a word, from the application's side. The server has one of its own, by pings ({@code --ws-ping-interval});
 * this one is for servers without, and for peers that must see the pings themselves: a page in a browser can't see those of the protocol, so
 * it can't notice that its server is gone.
 *
 * <pre>{@code
 * SessionOptions options = SessionOptions.defaults()
 *         .withHeartbeat(Heartbeat.of(Duration.ofSeconds(15), Duration.ofSeconds(45))
 *                 .withMessage(() -> WebSocketMessage.text("{\"type\":\"ping\"}")));
 * }</pre>
 *
 * <p>Anything that comes from the peer is a sign of life ({@link WebSocketSession#lastSeen()}), so a peer that is told to answer may answer anything. Time in
 * which nobody reads the peer's messages does not count against it. Looks at each session once an interval.
 *
 * @param interval how often a message is sent, and the peer is looked at
 * @param timeout a peer that gives no sign of life for so long is closed with 1011, at the next look; at least the interval, and better two or three
 * @param message makes the message that is sent at each interval; {@code null} for none. One that still waits for a slow peer is not
 *     followed by another
 */
public record Heartbeat(
        Duration interval, Duration timeout, @Nullable Supplier<? extends WebSocketMessage> message) {
    /** Validates the times. */
    public Heartbeat {
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("heartbeat interval: " + interval + " (expected: > 0)");
        }
        if (timeout.compareTo(interval) < 0) {
            throw new IllegalArgumentException(
                    "heartbeat timeout: " + timeout + " (expected: at least the interval, " + interval + ")");
        }
    }

    /**
     * A heartbeat without a message: it looks, and leaves the pings to the server.
     *
     * @param interval how often the peer is looked at
     * @param timeout how long a peer may be silent
     * @return the heartbeat
     */
    public static Heartbeat of(Duration interval, Duration timeout) {
        return new Heartbeat(interval, timeout, null);
    }

    /**
     * The same with a message to the peer at each interval.
     *
     * @param ping makes the message
     * @return the heartbeat
     */
    public Heartbeat withMessage(Supplier<? extends WebSocketMessage> ping) {
        return new Heartbeat(interval, timeout, Objects.requireNonNull(ping, "ping"));
    }
}
