package io.asyncgateway.websocket.channel;

import java.nio.ByteBuffer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Carries messages between the sessions of a service, whatever node they are on. The semantics are those of the channel layers of Django
 * Channels: <em>channels</em> are bounded first-in-first-out queues with a name, <em>groups</em> are sets of channels that are sent to
 * together.
 *
 * <pre>{@code
 * String channel = layer.newChannel();
 * Mono<Void> session = layer.groupAdd("news", channel)
 *         .then(layer.messages(channel).concatMap(message -> socket.send(message), 1).then())
 *         .doFinally(end -> layer.closeChannel(channel));
 *
 * Mono<Void> told = layer.groupSend("news", StandardCharsets.UTF_8.encode("rain"));
 * }</pre>
 *
 * <h2>Two kinds of channels</h2>
 *
 * <ul>
 *   <li><b>Channels of a node</b>, from {@link #newChannel()}: one for each session or room of this node, until it is closed. Any node sends to
 *       it; only its own node receives from it and puts it into groups.
 *   <li><b>Shared channels</b>, any other name: a queue of the whole service without an owner, such as {@code thumbnails} for a pool of workers. Any
 *       node sends and receives; each message goes to one reader. They are in no groups.
 * </ul>
 *
 * <h2>What is promised</h2>
 *
 * <ul>
 *   <li><b>At most once.</b> A message may be lost, never doubled. Each lost one is told: to its sender, by a failed send, or where it was
 *       lost, in {@link #stats()} and to the {@link DropListener}.
 *   <li><b>Order.</b> What one sender sends to a channel, alone or through one group, one send after the other, arrives in that order. Between what comes
 *       directly and what comes through groups there is no order on several nodes.
 *   <li><b>Nobody waits for a slow reader.</b> Each channel has its own bounded queue. At its capacity {@link #send} fails with
 *       {@link ChannelFullException} where the sender can know, and {@link #groupSend} leaves that one member out and counts it
 *       ({@link DropReason#CAPACITY}).
 *   <li><b>Expiry is per message</b>: what was not received in time is dropped and counted ({@link DropReason#EXPIRED}). A later send does not
 *       prolong it.
 * </ul>
 *
 * <p>Names have at most {@value ChannelNames#MAX_LENGTH} characters, ASCII letters, digits, {@code -}, {@code _} and {@code .}; those of the
 * channels of a node also have one {@code !} behind the node's id. Anything else is an {@link IllegalArgumentException}.
 *
 * <p><b>Buffers.</b> Bytes from position to limit are sent, and copied when a send is subscribed; position and limit stay. What is received is
 * read-only and the receiver's own for ever.
 *
 * <p><b>Threads.</b> All methods may be called on any thread, and none blocks. Messages are emitted on a thread of the sender (in memory) or of the
 * layer (Redis), so a subscriber must not block there ({@code publishOn} first where it has to). All {@code Mono}s are cold; each
 * subscription acts once more.
 *
 * <p><b>After {@link #close()}</b> everything fails with {@link ChannelLayerClosedException}, and the {@link #messages} that are open complete.
 */
public interface ChannelLayer {
    /**
     * A layer for one node, in memory, with the default options.
     *
     * @return a new layer, which is to be closed
     */
    static ChannelLayer inMemory() {
        return inMemory(ChannelLayerOptions.defaults());
    }

    /**
     * A layer for one node, in memory.
     *
     * @param options its bounds
     * @return a new layer, which is to be closed
     */
    static ChannelLayer inMemory(ChannelLayerOptions options) {
        return new InMemoryChannelLayer(options);
    }

    /**
     * The id of this node, which the names of its channels begin with. It is made anew with each layer.
     *
     * @return letters and digits
     */
    String node();

    /**
     * Opens a channel of this node. It lives until {@link #closeChannel}; one that is abandoned, in that nobody has received from it, added
     * it to a group or waits at it for the group expiry, is closed by the layer.
     *
     * @return its name, which no other channel has or will have
     * @throws ChannelLayerException if this node has as many channels as it may ({@link ChannelLayerOptions#maxChannels()})
     * @throws ChannelLayerClosedException if the layer is closed
     */
    String newChannel();

    /**
     * Puts a message into a channel.
     *
     * @param channel any shared channel, or a channel of any node
     * @param message the message, at most {@link ChannelLayerOptions#maxMessageSize()} bytes
     * @return completes when the channel, or the broker, has taken the message. Fails with {@link ChannelFullException} at capacity, with
     *     {@link ChannelClosedException} where the channel or its node is known to be gone, and with
     *     {@link ChannelLayerUnavailableException} where the broker could not be reached or did not answer in time; then the message may
     *     have been delivered all the same. Never waits for a reader
     */
    Mono<Void> send(String channel, ByteBuffer message);

    /**
     * Takes the next message of a channel.
     *
     * @param channel a channel of this node, or any shared channel
     * @return the message, as soon as there is one. Cancelling gives up; a message that was not emitted stays for the next reader. Fails
     *     with {@link ChannelClosedException} where the channel is closed, before or while waiting
     */
    Mono<ByteBuffer> receive(String channel);

    /**
     * Takes the messages of a channel as they come, as many as are asked for. What nobody asked for stays in the channel. Of several readers
     * each gets its turn, where it has demand.
     *
     * @param channel a channel of this node, or any shared channel
     * @return the messages. Completes when the channel is closed; fails with {@link ChannelClosedException} where it is closed already. An
     *     outage of the broker does not end it
     */
    Flux<ByteBuffer> messages(String channel);

    /**
     * Closes a channel of this node: takes it out of all its groups, drops what waits in it ({@link DropReason#CLOSED}) and ends its readers. Closing it
     * again does nothing.
     *
     * @param channel a channel of this node
     */
    void closeChannel(String channel);

    /**
     * Puts a channel into a group; again, it prolongs the membership. Groups come and go with their members. A membership ends with
     * {@link #groupDiscard}, with the channel, or after the group expiry without a sign of life of the channel (a reader that waits is
     * one), so that what nobody tidied up does not stay for ever.
     *
     * @param group the group
     * @param channel a channel of this node
     * @return completes when messages sent to the group from now on reach the channel; one that is on its way meanwhile may reach it too. While the broker can't be reached it completes at
     *     once: the membership is noted and takes effect with the reconnect. Fails with {@link ChannelClosedException} where the channel is
     *     closed, and with {@link ChannelLayerException} where this node has members in as many groups as it may
     */
    Mono<Void> groupAdd(String group, String channel);

    /**
     * Takes a channel out of a group. It gets no message that is sent after the completion, and before it is added again. One that is not in the group is all right.
     *
     * @param group the group
     * @param channel a channel of this node
     * @return completes when that is done
     */
    Mono<Void> groupDiscard(String group, String channel);

    /**
     * Puts a message into all channels of a group, on all nodes. A group without members is all right.
     *
     * @param group the group
     * @param message the message, at most {@link ChannelLayerOptions#maxMessageSize()} bytes
     * @return completes when the members on this node (in memory), or the broker, have taken the message. Fails with
     *     {@link ChannelLayerUnavailableException} as {@link #send} does. Members at capacity are left out and counted
     */
    Mono<Void> groupSend(String group, ByteBuffer message);

    /**
     * What has passed through this node so far.
     *
     * @return a snapshot
     */
    ChannelLayerStats stats();

    /**
     * Whether the layer carries messages between the nodes now. In memory it does until it is closed.
     *
     * @return the last value of {@link #readiness()}
     */
    boolean isReady();

    /**
     * Readiness as it changes, for a health check or to tell clients.
     *
     * @return the present value, then each change; completes when the layer is closed
     */
    Flux<Boolean> readiness();

    /**
     * Ends the layer: closes all channels of this node and lets go of connections and threads. A second call does the same as the first.
     *
     * @return completes when everything is released
     */
    Mono<Void> close();

    /**
     * The same layer with messages of a type.
     *
     * @param codec how they are written as bytes; {@link Codec#json} is one
     * @param <T> type of the messages
     * @return a view
     */
    default <T> TypedChannelLayer<T> typed(Codec<T> codec) {
        return new TypedChannelLayer<>(this, codec);
    }
}
