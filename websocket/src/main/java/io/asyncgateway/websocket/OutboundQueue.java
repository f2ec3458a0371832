package io.asyncgateway.websocket;

import io.asyncgateway.api.WebSocketEvent;

/**
 * A bounded queue of messages on their way to the peer of one session. Made by {@link WebSocketSession#openQueue}; a session may have several,
 * one for each room for instance, and serves them in turn, so that a busy one never holds up the others or the session's own sends.
 *
 * <pre>{@code
 * OutboundQueue queue = session.openQueue(QueueOptions.defaults().withPolicy(OverflowPolicy.DROP_OLDEST));
 * WebSocketEvent.Send news = WebSocketEvent.Send.text("it is noon");   // made and encoded once for all members
 * members.forEach(member -> member.queue().offer(news));
 * }</pre>
 *
 * <p>{@link #offer} never blocks and never waits: a peer that reads too slowly fills its own queue, and then the {@link OverflowPolicy} decides.
 * All methods are safe for use from any thread. Messages of one queue leave in the order in which they were offered.
 */
public interface OutboundQueue {
    /**
     * Puts a message into the queue. It allocates nothing but the slot, so offer the same event to all who shall hear it.
     *
     * <p>Where the session is idle the calling thread hands the message to the transport itself.
     *
     * @param message the message; its payload must not be changed any more
     * @return whether the message is in the queue now; {@code false} where it was dropped, or queue or session are closed. With
     *     {@link OverflowPolicy#DROP_OLDEST} it is always taken by an open queue
     */
    boolean offer(WebSocketEvent.Send message);

    /** Begins to send, where the queue was opened paused. Called again it does nothing. */
    void resume();

    /**
     * Gives up what waits and takes no more. A message that is on its way to the transport still goes out. The end of the session does the
     * same. Called again it does nothing.
     */
    void close();

    /**
     * Whether the queue takes no more, because it or its session is closed.
     *
     * @return whether it is closed
     */
    boolean isClosed();

    /**
     * What went through this queue.
     *
     * @return the counters at this moment; they stay readable after the end
     */
    QueueStatistics statistics();

    /**
     * The session whose peer gets the messages.
     *
     * @return the session
     */
    WebSocketSession session();
}
