package io.asyncgateway.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Notices a peer that takes nothing of what waits for it, however long that is: it is looked at again and again as long as it takes at least something. Confined
 * to its event loop.
 */
final class StallWatch {
    private final LongSupplier progress;
    private final long nanos;
    private final LazyTimer timer;
    private final Runnable stalled;
    private long before;

    /**
     * Not watching yet.
     *
     * @param channel the connection
     * @param limit for the peer to take anything
     * @param progress what the peer has taken beside what is pending in the channel
     * @param stalled called once when it takes nothing
     */
    StallWatch(Channel channel, Duration limit, LongSupplier progress, Runnable stalled) {
        this.progress = () -> pending(channel) - progress.getAsLong();
        this.nanos = limit.toNanos();
        this.stalled = stalled;
        this.timer = new LazyTimer(channel.eventLoop(), this::look);
    }

    private static long pending(Channel channel) {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending == null ? 0 : pending.totalPendingWriteBytes();
    }

    /** Something waits for the peer from now on. */
    void begin() {
        before = progress.getAsLong();
        timer.set(nanos);
    }

    /** Nothing waits for it any more. */
    void end() {
        timer.clear();
    }

    /** Whether anything waits for the peer. */
    boolean isWaiting() {
        return progress.getAsLong() != 0;
    }

    void close() {
        timer.close();
    }

    private void look() {
        if (progress.getAsLong() == before) {
            stalled.run();
        } else {
            begin();
        }
    }
}
