package io.asyncgateway.websocket;

import io.asyncgateway.api.WebSocketEvent;

/** Is told of each message that an {@link OutboundQueue} drops by its policy. */
@FunctionalInterface
public interface DropObserver {
    /**
     * A message was dropped. Called on the thread that offered, once the queue has its new content; must not block. What it throws is logged.
     *
     * @param queue the queue
     * @param message the message that its peer will not get
     */
    void dropped(OutboundQueue queue, WebSocketEvent.Send message);
}
