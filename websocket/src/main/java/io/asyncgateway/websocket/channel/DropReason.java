package io.asyncgateway.websocket.channel;

/** Why a message did not reach a channel, or left it unread. */
public enum DropReason {
    /** The channel had as many messages or bytes waiting as it may. */
    CAPACITY,

    /** Nobody received it in time. */
    EXPIRED,

    /** The channel was closed before it was received. */
    CLOSED,

    /** It was on its way to this node and did not arrive: the broker or the connection to it failed in between. */
    LOST
}
