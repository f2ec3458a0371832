package io.asyncgateway.websocket;

import io.asyncgateway.api.WebSocketEvent;
import org.jspecify.annotations.Nullable;

/** One of those that take turns in an {@link Outbound}. Every method is called with its lock held. */
abstract class OutboundSource {
    /** Whether it stands in the row of those that are ready; at most once. */
    boolean listed;

    /** Whether it has a message that may leave now. */
    abstract boolean isReady();

    /** Takes the next message, which is on its way then; {@code null} if there is none. */
    abstract WebSocketEvent.@Nullable Send poll();

    /** The transport took the message that was on its way, or did not. */
    abstract void settle(boolean taken);
}
