package io.asyncgateway.websocket.redis;

import io.asyncgateway.websocket.channel.ChannelLayerClosedException;
import io.asyncgateway.websocket.channel.ChannelLayerException;
import io.asyncgateway.websocket.channel.LocalChannels;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** The shared channels that this node reads from. All of them run in one serial. */
final class SharedReaders {
    /** A channel and the subscription that tells when it has messages. */
    private record Read(SharedChannel channel, Subscription wake) {}

    private final RedisConnections redis;
    private final LocalChannels channels;
    private final Serial serial = new Serial();
    private final Map<String, Read> reads = new HashMap<>();
    private boolean closed;
    private @Nullable MonoSink<Void> closing;

    SharedReaders(RedisConnections redis, LocalChannels channels) {
        this.redis = redis;
        this.channels = channels;
    }

    Flux<ByteBuffer> messages(String channel) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super ByteBuffer> actual) {
                SharedReader reader = new SharedReader(SharedReaders.this, channel, actual);
                actual.onSubscribe(reader);
                serial.execute(() -> attach(channel, reader));
            }
        };
    }

    private void attach(String channel, SharedReader reader) {
        if (closed) {
            reader.fail(new ChannelLayerClosedException());
            return;
        }
        Read read = reads.get(channel);
        if (read == null) {
            if (reads.size() >= channels.options().maxChannels()) {
                reader.fail(
                        new ChannelLayerException("channels: as many shared ones as this node may read (maxChannels: "
                                + channels.options().maxChannels() + ")"));
                return;
            }
            read = open(channel);
            reads.put(channel, read);
        }
        read.channel.add(reader);
        work(channel);
    }

    private Read open(String channel) {
        SharedKeys keys = SharedKeys.of(redis, channel, channels.node());
        Subscription wake = redis.subscriptions.subscribe(keys.wake(), new Subscription.Handler() {
            @Override
            public void message(byte[] message) {
                wake();
            }

            @Override
            public void active() {
                wake();
            }

            private void wake() {
                serial.execute(() -> SharedReaders.this.wake(channel));
            }
        });
        return new Read(new SharedChannel(channel, keys, redis, channels, serial, this::settled), wake);
    }

    private void wake(String channel) {
        Read read = reads.get(channel);
        if (read != null) {
            read.channel.wake();
        }
    }

    /** A reader's demand has changed, or it has cancelled. */
    void changed(String channel) {
        serial.execute(() -> work(channel));
    }

    private void work(String channel) {
        Read read = reads.get(channel);
        if (read != null) {
            read.channel.work();
        }
    }

    /** Looks at all channels, in case that a word was lost, and forgets those without readers. */
    void sweep() {
        serial.execute(() -> {
            for (Iterator<Read> all = reads.values().iterator(); all.hasNext(); ) {
                Read read = all.next();
                read.channel.wake();
                if (read.channel.isUnused()) {
                    all.remove();
                    redis.subscriptions.unsubscribe(read.wake);
                }
            }
        });
    }

    /** Ends the readers. What they had not taken goes back to Redis if that answers. */
    Mono<Void> close() {
        return Mono.<Void>create(sink -> serial.execute(() -> {
                    closed = true;
                    closing = sink;
                    for (Read read : List.copyOf(reads.values())) {
                        redis.subscriptions.unsubscribe(read.wake);
                        read.channel.complete();
                        read.channel.work();
                    }
                    settled();
                }))
                .timeout(redis.options.commandTimeout(), Mono.empty());
    }

    private void settled() {
        MonoSink<Void> sink = closing;
        if (sink != null && reads.values().stream().allMatch(read -> read.channel.isUnused())) {
            closing = null;
            sink.success();
        }
    }
}
