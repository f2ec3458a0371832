package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.channel.ChannelLayerClosedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Hears what is sent to one group: a channel of this node in it, whatever happens to the channel. Its reader is called by one thread at a time, and
 * takes everything at once, so that nothing waits in the channel.
 */
final class GroupChannel {
    private static final Logger LOG = LoggerFactory.getLogger(GroupChannel.class);
    private static final Duration REOPEN_AFTER = Duration.ofSeconds(1);

    private final ChannelLayer layer;
    private final String group;
    private final Scheduler timer;
    private final Consumer<ByteBuffer> reader;
    private final Disposable.Swap reopening = Disposables.swap();
    private String channel = "";
    private boolean closed;

    GroupChannel(ChannelLayer layer, String group, Scheduler timer, Consumer<ByteBuffer> reader) {
        this.layer = layer;
        this.group = group;
        this.timer = timer;
        this.reader = reader;
    }

    /** The name of the channel at this moment. */
    synchronized String name() {
        return channel;
    }

    /** Completes when messages to the group arrive. */
    Mono<Void> open() {
        return Mono.defer(() -> {
            String name;
            synchronized (this) {
                if (closed) {
                    return Mono.empty();
                }
                name = layer.newChannel();
                channel = name;
            }
            layer.messages(name).subscribe(reader, failure -> ended(name, failure), () -> ended(name, null));
            return layer.groupAdd(group, name);
        });
    }

    private void ended(String name, @Nullable Throwable failure) {
        synchronized (this) {
            if (closed || !name.equals(channel)) {
                return;
            }
        }
        if (failure instanceof ChannelLayerClosedException) {
            return;
        }
        reopenLater();
    }

    private void reopenLater() {
        reopening.update(timer.schedule(
                () -> open().subscribe(nothing -> {}, this::reopenFailed, this::reopened),
                REOPEN_AFTER.toMillis(),
                TimeUnit.MILLISECONDS));
    }

    private void reopened() {
        LOG.warn("group {}: its channel had ended, there is another one now; messages in between are lost", group);
    }

    private void reopenFailed(Throwable failure) {
        if (!(failure instanceof ChannelLayerClosedException)) {
            LOG.warn("group {}: no channel for it", group, failure);
            reopenLater();
        }
    }

    void close() {
        String name;
        synchronized (this) {
            closed = true;
            name = channel;
        }
        reopening.dispose();
        if (!name.isEmpty()) {
            layer.closeChannel(name);
        }
    }
}
