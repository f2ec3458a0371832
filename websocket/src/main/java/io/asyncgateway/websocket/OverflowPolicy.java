package io.asyncgateway.websocket;

/** What a full {@link OutboundQueue} does with one more message. */
public enum OverflowPolicy {
    /** Drops the messages that wait longest until there is room: the peer sees the latest. For positions, prices, presence. */
    DROP_OLDEST,

    /** Drops the message that was offered: the peer sees what came first. */
    DROP_NEWEST,

    /** Closes the session with 1008: the peer sees everything or knows that it did not. For chats and logs; the client comes back and catches up. */
    DISCONNECT
}
