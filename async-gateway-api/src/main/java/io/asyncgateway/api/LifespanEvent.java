package io.asyncgateway.api;

import java.util.Objects;

/**
 * The events of the server's life.
 *
 * <table>
 *   <caption>States of a lifespan</caption>
 *   <tr><th>state</th><th>received</th><th>sent</th><th>next state</th></tr>
 *   <tr><td>starting</td><td>{@link Startup}</td><td>{@link StartupComplete}</td><td>serving: sockets are bound</td></tr>
 *   <tr><td>starting</td><td></td><td>{@link StartupFailed}, or any failure</td><td>stopped, exit code 3</td></tr>
 *   <tr><td>serving</td><td>{@link Shutdown}, after the last exchange has ended</td><td>{@link ShutdownComplete} or {@link ShutdownFailed}</td><td>stopped</td></tr>
 * </table>
 */
public sealed interface LifespanEvent {
    /** Received: get ready. No request comes before the answer. */
    record Startup() implements LifespanEvent, ReceiveEvent {}

    /** Received: the last exchange has ended; release what you hold. */
    record Shutdown() implements LifespanEvent, ReceiveEvent {}

    /** Sent: ready to serve. */
    record StartupComplete() implements LifespanEvent, SendEvent {}

    /**
     * Sent: can't serve. The server stops with exit code 3 and this message.
     *
     * @param message why, in a line for the operator
     */
    record StartupFailed(String message) implements LifespanEvent, SendEvent {
        /** Refuses null. */
        public StartupFailed {
            Objects.requireNonNull(message, "message");
        }
    }

    /** Sent: everything is released. */
    record ShutdownComplete() implements LifespanEvent, SendEvent {}

    /**
     * Sent: something could not be released. It is logged, and the exit code says that the shutdown was not clean.
     *
     * @param message what, in a line for the operator
     */
    record ShutdownFailed(String message) implements LifespanEvent, SendEvent {
        /** Refuses null. */
        public ShutdownFailed {
            Objects.requireNonNull(message, "message");
        }
    }
}
