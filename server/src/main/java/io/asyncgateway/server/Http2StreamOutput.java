package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The DATA that goes out on one stream of HTTP/2: the window that the peer gives the stream, its turns where the connection has no room, and the pace of a peer that is to take something.
 * Nothing waits here but with who writes it. Confined to the event loop of its connection.
 */
final class Http2StreamOutput {
    private final Http2Stream stream;
    private final Http2Output connection;
    private int window;
    private boolean queued;
    private @Nullable PaceTimer stall;

    /** Of a new stream. */
    Http2StreamOutput(Http2Stream stream, Http2Output connection, int window) {
        this.stream = stream;
        this.connection = connection;
        this.window = window;
    }

    // ------------------------------------------------------------------------------------------------ room

    /** How many octets may go out now. */
    int room() {
        return Math.max(0, Math.min(window, connection.room()));
    }

    /** Whether there is room; where there is none, the stream is told when there is again, and the peer has its time to make some. */
    boolean isWritable() {
        if (room() > 0) {
            PaceTimer waited = stall;
            if (waited != null) {
                waited.enough();
            }
            return true;
        }
        if (!stream.isClosed()) {
            awaitRoom();
        }
        return false;
    }

    private void awaitRoom() {
        if (window > 0 && !queued) {
            queued = true;
            connection.await(this);
        }
        stall().waits();
    }

    private PaceTimer stall() {
        PaceTimer known = stall;
        if (known == null) {
            ServerConfig config = stream.context.config;
            known = new PaceTimer(
                    new LazyTimer(stream.loop(), stream::stalled),
                    config.timeouts().responseGap(),
                    config.limits().responseRate());
            stall = known;
        }
        return known;
    }

    /** The peer takes more, or less; {@code false} if that is more than there can be. */
    boolean openWindow(long change) {
        long changed = window + change;
        if (changed > Http2Settings.LARGEST_WINDOW) {
            return false;
        }
        boolean shut = window <= 0;
        window = (int) changed;
        if (shut && window > 0) {
            stream.resume();
        }
        return true;
    }

    /** The turn of this stream has come. */
    void turn() {
        queued = false;
        stream.resume();
    }

    // ------------------------------------------------------------------------------------------------ octets

    /** Writes octets of a body, which keeps its position, as many as there is room for; returns how many. */
    int write(ByteBuffer body, int offset, int length, boolean last) {
        int taken = Math.min(length, room());
        if (taken > 0) {
            boolean cut = taken < length;
            OutputBuffer.copy(body, offset, taken, connection.data(stream.id(), taken, last && !cut, cut));
            written(taken);
        }
        return taken;
    }

    /** Writes octets, as many as there is room for; returns how many. */
    int write(ByteBuf octets) {
        int taken = Math.min(octets.readableBytes(), room());
        if (taken > 0) {
            boolean cut = taken < octets.readableBytes();
            connection.data(stream.id(), taken, false, cut).writeBytes(octets, taken);
            written(taken);
        }
        return taken;
    }

    private void written(int octets) {
        window -= octets;
        PaceTimer timer = stall;
        if (timer != null) {
            timer.clear();
            timer.came(octets);
        }
    }

    /** Nothing more goes out. */
    void close() {
        if (queued) {
            connection.forget(this);
        }
        PaceTimer timer = stall;
        if (timer != null) {
            timer.close();
        }
    }
}
