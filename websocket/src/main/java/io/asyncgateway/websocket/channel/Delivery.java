package io.asyncgateway.websocket.channel;

/** What became of a message that was put into a channel of this node. */
public enum Delivery {
    /** It waits for a reader, or a reader has it. */
    DELIVERED,

    /** The channel is at its capacity. */
    FULL,

    /** There is no such channel, or no longer. */
    CLOSED
}
