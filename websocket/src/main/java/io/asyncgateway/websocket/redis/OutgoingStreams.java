package io.asyncgateway.websocket.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Publishes, and numbers what this node publishes to each pub/sub channel, so that receivers notice what they did not get. A stream that was not used for
 * a while is forgotten, and the next message begins a new one. Safe for use from any thread.
 */
final class OutgoingStreams {
    /** Longer than any outage after which somebody still asks, shorter than receivers remember. */
    static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(3);

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    /** Its monitor keeps numbers and commands in one order. */
    private static final class Stream {
        final long id;
        final long began;
        long number;
        long lastUsed;
        boolean forgotten;

        Stream(long id, long began) {
            this.id = id;
            this.began = began;
            this.lastUsed = began;
        }
    }

    private final Commands commands;
    private final byte[] node;
    private final int maxStreams;
    private final AtomicLong nextId = new AtomicLong();
    private final ConcurrentHashMap<String, Stream> streams = new ConcurrentHashMap<>();

    /**
     * No streams.
     *
     * @param commands how to publish
     * @param node this node's id
     * @param maxStreams past it each message to another pub/sub channel is a stream of its own: what is lost of them is not noticed
     */
    OutgoingStreams(Commands commands, String node, int maxStreams) {
        this.commands = commands;
        this.node = node.getBytes(US_ASCII);
        this.maxStreams = maxStreams;
    }

    /**
     * Publishes a message.
     *
     * @return how many connections got it from the server
     */
    CompletableFuture<Long> publish(
            Envelope.Kind kind, String pubSubChannel, @Nullable String channel, ByteBuffer payload) {
        // What certainly was not sent has no number, so that nobody misses it.
        if (!commands.isReady()) {
            return commands.send(to -> to.spublish(pubSubChannel, new byte[0]));
        }
        while (true) {
            Stream stream = stream(pubSubChannel);
            synchronized (stream) {
                if (!stream.forgotten) {
                    stream.number++;
                    stream.lastUsed = System.nanoTime();
                    return send(kind, pubSubChannel, stream, channel, payload);
                }
            }
        }
    }

    private Stream stream(String pubSubChannel) {
        Stream stream = streams.get(pubSubChannel);
        if (stream != null) {
            return stream;
        }
        if (streams.size() >= maxStreams) {
            return new Stream(nextId.incrementAndGet(), System.nanoTime());
        }
        return streams.computeIfAbsent(pubSubChannel, name -> new Stream(nextId.incrementAndGet(), System.nanoTime()));
    }

    private CompletableFuture<Long> send(
            Envelope.Kind kind, String pubSubChannel, Stream stream, @Nullable String channel, ByteBuffer payload) {
        long age = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stream.began);
        byte[] bytes = Envelope.encode(kind, node, stream.id, stream.number, age, channel, payload);
        return commands.send(to -> to.spublish(pubSubChannel, bytes));
    }

    /** The pub/sub channels to which something was published lately. */
    Collection<String> active() {
        return streams.keySet();
    }

    /** Tells the subscribers of a pub/sub channel how far its stream is; does nothing if there is none. */
    void mark(String pubSubChannel) {
        Stream stream = streams.get(pubSubChannel);
        if (stream != null && commands.isReady()) {
            synchronized (stream) {
                if (!stream.forgotten) {
                    Answers.ignore(send(Envelope.Kind.MARK, pubSubChannel, stream, null, EMPTY));
                }
            }
        }
    }

    /** Forgets what was not used for long. */
    void sweep() {
        long now = System.nanoTime();
        streams.values().removeIf(stream -> {
            synchronized (stream) {
                stream.forgotten = now - stream.lastUsed > IDLE_NANOS;
                return stream.forgotten;
            }
        });
    }
}
