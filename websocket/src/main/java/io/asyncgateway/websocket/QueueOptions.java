package io.asyncgateway.websocket;

import io.asyncgateway.api.WebSocketEvent;
import java.util.Objects;

/**
 * The bounds of an {@link OutboundQueue} and what happens past them.
 *
 * <p>A queue that is empty takes a message of any size, so that none is undeliverable for ever: what a peer can hold back is at most
 * {@code maxBytes} or one message, whichever is more, and the message that the transport is taking.
 *
 * @param maxMessages how many messages may wait, 1 to {@value #MAX_MESSAGES}; 64 by default
 * @param maxBytes how many bytes of payload may wait; 1 MiB by default
 * @param policy what a full queue does; {@link OverflowPolicy#DISCONNECT} by default
 * @param disconnectReason the reason that goes with 1008 where the policy disconnects; {@code "too slow"} by default
 * @param paused whether the queue only collects until {@link OutboundQueue#resume()}; {@code false} by default
 * @param observer is told of drops; nobody by default
 */
public record QueueOptions(
        int maxMessages,
        long maxBytes,
        OverflowPolicy policy,
        String disconnectReason,
        boolean paused,
        DropObserver observer) {
    /** The most messages that a queue can be allowed. */
    public static final int MAX_MESSAGES = 65_536;

    private static final DropObserver NOBODY = (queue, message) -> {};

    private static final QueueOptions DEFAULTS =
            new QueueOptions(64, 1 << 20, OverflowPolicy.DISCONNECT, "too slow", false, NOBODY);

    /** Validates the bounds and the reason. */
    public QueueOptions {
        if (maxMessages < 1 || maxMessages > MAX_MESSAGES) {
            throw new IllegalArgumentException(
                    "queue messages: " + maxMessages + " (expected: 1-" + MAX_MESSAGES + ")");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException("queue bytes: " + maxBytes + " (expected: >= 1)");
        }
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(observer, "observer");
        closing(disconnectReason);
    }

    /**
     * 64 messages, 1 MiB, disconnect.
     *
     * @return a constant
     */
    public static QueueOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another bound on messages.
     *
     * @param messages how many may wait
     * @return the options
     */
    public QueueOptions withMaxMessages(int messages) {
        return new QueueOptions(messages, maxBytes, policy, disconnectReason, paused, observer);
    }

    /**
     * The same with another bound on bytes.
     *
     * @param bytes how many may wait
     * @return the options
     */
    public QueueOptions withMaxBytes(long bytes) {
        return new QueueOptions(maxMessages, bytes, policy, disconnectReason, paused, observer);
    }

    /**
     * The same with another policy.
     *
     * @param overflow what a full queue does
     * @return the options
     */
    public QueueOptions withPolicy(OverflowPolicy overflow) {
        return new QueueOptions(maxMessages, maxBytes, overflow, disconnectReason, paused, observer);
    }

    /**
     * The same with another reason.
     *
     * @param reason goes with 1008; at most 123 bytes of UTF-8
     * @return the options
     */
    public QueueOptions withDisconnectReason(String reason) {
        return new QueueOptions(maxMessages, maxBytes, policy, reason, paused, observer);
    }

    /**
     * The same, paused when it is opened, or not.
     *
     * @param collects whether the queue only collects at first
     * @return the options
     */
    public QueueOptions withPaused(boolean collects) {
        return new QueueOptions(maxMessages, maxBytes, policy, disconnectReason, collects, observer);
    }

    /**
     * The same with an observer.
     *
     * @param drops is told of drops
     * @return the options
     */
    public QueueOptions withObserver(DropObserver drops) {
        return new QueueOptions(maxMessages, maxBytes, policy, disconnectReason, paused, drops);
    }

    boolean isObserved() {
        return observer != NOBODY;
    }

    WebSocketEvent.Close close() {
        return closing(disconnectReason);
    }

    private static WebSocketEvent.Close closing(String reason) {
        return new WebSocketEvent.Close(CloseStatus.POLICY_VIOLATION, reason);
    }
}
