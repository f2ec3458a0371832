package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What goes out on one HTTP/2 connection: the frames, the window of the connection, and the turns of the streams that wait for it or for the socket. DATA goes out only
 * as far as the windows and the socket allow, so that it waits with its application and not here; what else goes out is little, and past a bound nothing more
 * is read that would have to be answered. Confined to its event loop.
 */
final class Http2Output {
    /** Turns of streams in one turn of the event loop. */
    private static final int TURNS = 32;

    private final OutputBuffer output;
    private final Channel channel;
    private final Http2HeadEncoder heads;
    private final Http2FloodGuard guard;
    private final int bound;

    private final Queue<Http2StreamOutput> waiting = new ArrayDeque<>();
    private boolean resuming;
    private boolean resumesLater;
    private int maxFrameSize = Http2Settings.DEFAULT_FRAME_SIZE;
    private int window = Http2Settings.DEFAULT_WINDOW;

    Http2Output(OutputBuffer output, Channel channel, Http2HeadEncoder heads, Http2FloodGuard guard, Limits limits) {
        this.output = output;
        this.channel = channel;
        this.heads = heads;
        this.guard = guard;
        this.bound = limits.outboundWindow();
    }

    /** The octets under the frames. */
    OutputBuffer octets() {
        return output;
    }

    Channel channel() {
        return channel;
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    ChannelPromise newPromise() {
        return channel.newPromise();
    }

    /** Encodes what {@link #headers} writes next. */
    Http2HeadEncoder heads() {
        return heads;
    }

    // ------------------------------------------------------------------------------------------------ frames

    private ByteBuf frame(int type, int flags, int streamId, int length, int room) {
        return output.room(Http2FrameDecoder.HEADER_SIZE + room)
                .writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(streamId);
    }

    private ByteBuf frame(int type, int flags, int streamId, int length) {
        return frame(type, flags, streamId, length, length);
    }

    /** The server's part of the preface (RFC 9113 section 3.4), and the window of the connection. */
    void preface(Http2Options options, Limits limits) {
        Http2Settings.write(frame(Http2FrameDecoder.SETTINGS, 0, 0, Http2Settings.WRITTEN), options, limits);
        if (options.connectionWindow() > Http2Settings.DEFAULT_WINDOW) {
            windowUpdate(0, options.connectionWindow() - Http2Settings.DEFAULT_WINDOW);
        }
    }

    void settingsAcknowledgement() {
        frame(Http2FrameDecoder.SETTINGS, Http2FrameDecoder.ACK, 0, 0);
    }

    void ping(long opaque, boolean acknowledgement) {
        frame(Http2FrameDecoder.PING, acknowledgement ? Http2FrameDecoder.ACK : 0, 0, Long.BYTES)
                .writeLong(opaque);
    }

    void windowUpdate(int streamId, int increment) {
        frame(Http2FrameDecoder.WINDOW_UPDATE, 0, streamId, Integer.BYTES).writeInt(increment);
    }

    void reset(int streamId, Http2Error error) {
        frame(Http2FrameDecoder.RST_STREAM, 0, streamId, Integer.BYTES).writeInt(error.code());
    }

    /** With words for whoever looks at the wire. */
    void goAway(int lastStreamId, Http2Error error, String words) {
        byte[] text = words.getBytes(US_ASCII);
        frame(Http2FrameDecoder.GOAWAY, 0, 0, 2 * Integer.BYTES + text.length)
                .writeInt(lastStreamId)
                .writeInt(error.code())
                .writeBytes(text);
    }

    /** The block that was encoded, in as many frames as it needs. */
    void headers(int streamId, boolean endStream) {
        byte[] block = heads.hpack().octets();
        int size = heads.hpack().size();
        int length = Math.min(size, maxFrameSize);
        int flags =
                (endStream ? Http2FrameDecoder.END_STREAM : 0) | (length == size ? Http2FrameDecoder.END_HEADERS : 0);
        frame(Http2FrameDecoder.HEADERS, flags, streamId, length).writeBytes(block, 0, length);
        for (int at = length; at < size; at += length) {
            length = Math.min(size - at, maxFrameSize);
            int last = at + length == size ? Http2FrameDecoder.END_HEADERS : 0;
            frame(Http2FrameDecoder.CONTINUATION, last, streamId, length).writeBytes(block, at, length);
        }
    }

    /**
     * A frame of DATA, into which exactly so many octets are to be written at once; at most {@link #room()} of them.
     *
     * @param cut whether there are more, for which a window has no room
     */
    ByteBuf data(int streamId, int length, boolean endStream, boolean cut) {
        ByteBuf target = frame(Http2FrameDecoder.DATA, endStream ? Http2FrameDecoder.END_STREAM : 0, streamId, length);
        if (length > 0) {
            window -= length;
            guard.dataSent(length, cut);
        }
        return target;
    }

    // ----------------------------------------------------------------------------------------------- windows and turns

    /** Takes over what the peer said of itself. */
    void apply(Http2Settings settings) {
        maxFrameSize = settings.maxFrameSize();
        heads.hpack().maxTableSize(settings.smallestTableSize());
        heads.hpack().maxTableSize(settings.headerTableSize());
    }

    /** The peer takes more on the connection; {@code false} if that is more than there can be. */
    boolean open(int increment) {
        if (increment > Http2Settings.LARGEST_WINDOW - window) {
            return false;
        }
        window += increment;
        return true;
    }

    /** How many octets of DATA may go out in one frame now. */
    int room() {
        return channel.isWritable() ? Math.min(window, maxFrameSize) : 0;
    }

    /** A stream wants to be told when there is room; they get their turns in the order in which they came. */
    void await(Http2StreamOutput stream) {
        waiting.add(stream);
    }

    /** A stream that waits is gone. */
    void forget(Http2StreamOutput stream) {
        waiting.remove(stream);
    }

    /** Tells those that wait, as far as there is room. A peer that takes everything at once gets it in several turns of the event loop, which others are waiting for. */
    void resume() {
        if (resuming) {
            return;
        }
        resuming = true;
        for (int turns = 0; turns < TURNS && !waiting.isEmpty() && room() > 0; turns++) {
            waiting.remove().turn();
        }
        resuming = false;
        output.flushIfIdle();
        if (!waiting.isEmpty() && room() > 0 && !resumesLater) {
            resumesLater = true;
            loop().execute(() -> {
                resumesLater = false;
                resume();
            });
        }
    }

    /** Whether so much waits for the peer beside DATA that nothing more may be read that would be answered. */
    boolean isBackedUp() {
        if (channel.isWritable()) {
            return false;
        }
        output.flushNow();
        return channel.bytesBeforeWritable() > bound;
    }
}
