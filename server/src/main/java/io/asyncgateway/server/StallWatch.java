package io.asyncgateway.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Notices a peer that takes too little of what waits for it: it is looked at again and again as long as it takes enough. What the peer takes shows in large
 * steps alone, since the kernel takes ahead of it, so only the whole time between two looks counts. Confined to its event loop.
 */
final class StallWatch {
    private final Channel channel;
    private final LongSupplier passedOn;
    private final long nanos;
    private final LazyTimer timer;
    private final Runnable stalled;
    private final long least;
    private long before;

    /**
     * Not watching yet.
     *
     * @param channel the connection
     * @param limit for the peer to take anything, or at the rate
     * @param rate octets per second that it must take; 0 for any at all
     * @param passedOn the bytes that were handed to the channel until now, and those of a file that the peer has taken
     * @param stalled called once when it takes too little
     */
    StallWatch(Channel channel, Duration limit, int rate, LongSupplier passedOn, Runnable stalled) {
        this.channel = channel;
        this.passedOn = passedOn;
        this.nanos = limit.toNanos();
        this.stalled = stalled;
        this.least = Math.max(1, limit.toMillis() * rate / 1000);
        this.timer = new LazyTimer(channel.eventLoop(), this::look);
    }

    private long pending() {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending == null ? 0 : pending.totalPendingWriteBytes();
    }

    /** A number that grows with the bytes that the peer takes. What is pending alone could be the same again after it took and was given more. */
    private long taken() {
        return passedOn.getAsLong() - pending();
    }

    /** Something waits for the peer from now on. */
    void begin() {
        before = taken();
        timer.set(nanos);
    }

    /** Nothing waits for it any more. */
    void end() {
        timer.clear();
    }

    /** Whether anything waits for the peer. */
    boolean isWaiting() {
        return pending() != 0;
    }

    void close() {
        timer.close();
    }

    private void look() {
        if (taken() - before < least) {
            stalled.run();
        } else {
            begin();
        }
    }
}
