package io.asyncgateway.server;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The streams of a connection that were reset, for as long as the reset may need to arrive. Netty puts the end of a stream behind everything when it closes one, and a peer that gets this end while the
 * packet with the reset is lost takes what it has for the whole. Of more than a hundred the first is closed before its time. Confined to the event loop of its connection.
 */
final class Http3ResetStreams {
    private static final int MOST = 100;

    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private final LazyTimer timer;
    private final long nanos;

    private record Waiting(QuicStreamChannel stream, long until) {}

    /**
     * None yet.
     *
     * @param time after which a reset has arrived, or never will
     */
    Http3ResetStreams(EventLoop loop, Duration time) {
        this.timer = new LazyTimer(loop, this::timedOut);
        this.nanos = time.toNanos();
    }

    /** Ends both directions so that the peer sees that something is missing. */
    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    void reset(QuicStreamChannel stream, Http3Error error) {
        boolean ended = stream.isOutputShutdown();
        stream.shutdown(error.code());
        if (ended) {
            stream.close();
            return;
        }
        if (waiting.size() == MOST) {
            waiting.remove().stream.close();
        }
        waiting.add(new Waiting(stream, timer.now() + nanos));
        if (!timer.isSet()) {
            timer.set(nanos);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    private void timedOut() {
        long now = timer.now();
        for (Waiting first = waiting.peek(); first != null; first = waiting.peek()) {
            if (first.until - now > 0) {
                timer.set(first.until - now);
                return;
            }
            waiting.remove();
            first.stream.close();
        }
    }

    /** The connection is gone. */
    void close() {
        waiting.clear();
        timer.close();
    }
}
