package io.asyncgateway.websocket;

import io.asyncgateway.api.WebSocketEvent;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The limits and times of the sessions of a {@link WebSocketService}.
 *
 * @param handshakeTimeout how long the {@link Handshake} may take before the peer is refused with 503; 10 s by default
 * @param closeTimeout how long a close may wait for a peer that does not read; 5 s by default
 * @param maxMessageSize the largest message of the peer in bytes, after inflation; 1 MiB by default. A larger value than the server's limit has
 *     no effect. Past it the server closes with 1009
 * @param compression whether permessage-deflate may be agreed on; {@code true} by default
 * @param maxPendingSends how many of the session's own sends may wait, 1 to 65536; 64 by default. Past it a send fails
 * @param maxPendingBytes how many bytes those may have; 1 MiB by default. Where none waits one of any size is taken
 * @param maxQueues how many queues may be open in one session; 1,000 by default
 * @param json how JSON is read and written; {@link JsonMessages#standard()} by default
 * @param heartbeat the watch over peers that are gone; {@code null}, which leaves it to the server, by default
 */
public record SessionOptions(
        Duration handshakeTimeout,
        Duration closeTimeout,
        int maxMessageSize,
        boolean compression,
        int maxPendingSends,
        long maxPendingBytes,
        int maxQueues,
        JsonMessages json,
        @Nullable Heartbeat heartbeat) {
    private static final SessionOptions DEFAULTS = new SessionOptions(
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            1 << 20,
            true,
            64,
            1 << 20,
            1000,
            JsonMessages.standard(),
            null);

    /** Validates the values. */
    public SessionOptions {
        requirePositive("handshake timeout", handshakeTimeout);
        requirePositive("close timeout", closeTimeout);
        requireInRange("message size", maxMessageSize, WebSocketEvent.Accept.SERVER_LIMIT);
        requireInRange("pending sends", maxPendingSends, QueueOptions.MAX_MESSAGES);
        if (maxPendingBytes < 1) {
            throw new IllegalArgumentException("pending bytes: " + maxPendingBytes + " (expected: >= 1)");
        }
        requireInRange("queues", maxQueues, Integer.MAX_VALUE);
        Objects.requireNonNull(json, "json");
    }

    private static void requirePositive(String name, Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
        }
    }

    private static void requireInRange(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 1-" + max + ")");
        }
    }

    /**
     * Every value at its default.
     *
     * @return a constant
     */
    public static SessionOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another time for the handshake.
     *
     * @param timeout how long it may take
     * @return the options
     */
    public SessionOptions withHandshakeTimeout(Duration timeout) {
        return new SessionOptions(
                timeout,
                closeTimeout,
                maxMessageSize,
                compression,
                maxPendingSends,
                maxPendingBytes,
                maxQueues,
                json,
                heartbeat);
    }

    /**
     * The same with another time for closing.
     *
     * @param timeout how long a close may wait
     * @return the options
     */
    public SessionOptions withCloseTimeout(Duration timeout) {
        return new SessionOptions(
                handshakeTimeout,
                timeout,
                maxMessageSize,
                compression,
                maxPendingSends,
                maxPendingBytes,
                maxQueues,
                json,
                heartbeat);
    }

    /**
     * The same with another limit on received messages.
     *
     * @param bytes the largest message
     * @return the options
     */
    public SessionOptions withMaxMessageSize(int bytes) {
        return new SessionOptions(
                handshakeTimeout,
                closeTimeout,
                bytes,
                compression,
                maxPendingSends,
                maxPendingBytes,
                maxQueues,
                json,
                heartbeat);
    }

    /**
     * The same with or without compression.
     *
     * @param allowed whether it may be agreed on
     * @return the options
     */
    public SessionOptions withCompression(boolean allowed) {
        return new SessionOptions(
                handshakeTimeout,
                closeTimeout,
                maxMessageSize,
                allowed,
                maxPendingSends,
                maxPendingBytes,
                maxQueues,
                json,
                heartbeat);
    }

    /**
     * The same with other bounds on the session's own sends.
     *
     * @param messages how many may wait
     * @param bytes how many bytes those may have
     * @return the options
     */
    public SessionOptions withMaxPending(int messages, long bytes) {
        return new SessionOptions(
                handshakeTimeout,
                closeTimeout,
                maxMessageSize,
                compression,
                messages,
                bytes,
                maxQueues,
                json,
                heartbeat);
    }

    /**
     * The same with another bound on queues.
     *
     * @param queues how many may be open in one session
     * @return the options
     */
    public SessionOptions withMaxQueues(int queues) {
        return new SessionOptions(
                handshakeTimeout,
                closeTimeout,
                maxMessageSize,
                compression,
                maxPendingSends,
                maxPendingBytes,
                queues,
                json,
                heartbeat);
    }

    /**
     * The same with JSON of your own.
     *
     * @param messages how it is read and written
     * @return the options
     */
    public SessionOptions withJson(JsonMessages messages) {
        return new SessionOptions(
                handshakeTimeout,
                closeTimeout,
                maxMessageSize,
                compression,
                maxPendingSends,
                maxPendingBytes,
                maxQueues,
                messages,
                heartbeat);
    }

    /**
     * The same with a heartbeat.
     *
     * @param watch over peers that are gone
     * @return the options
     */
    public SessionOptions withHeartbeat(Heartbeat watch) {
        return new SessionOptions(
                handshakeTimeout,
                closeTimeout,
                maxMessageSize,
                compression,
                maxPendingSends,
                maxPendingBytes,
                maxQueues,
                json,
                Objects.requireNonNull(watch, "watch"));
    }

    WebSocketEvent.Accept accept(HandshakeResult.Accept accepted) {
        return new WebSocketEvent.Accept(accepted.subprotocol(), accepted.headers(), maxMessageSize, compression);
    }
}
