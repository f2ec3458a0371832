package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The field block that is being put together on a connection of HTTP/2 (RFC 9113 section 4.3): the fragment of one HEADERS frame, and those of the CONTINUATION frames behind it up to
 * END_HEADERS, in no more frames and octets than there may be. Confined to its event loop.
 *
 * <pre>
 *   block     on                              next
 *   none      fragment with END_HEADERS       none: it goes to who gets the frames, without memory of its own
 *   none      fragment                        open
 *   open      fragment                        open
 *   open      fragment with END_HEADERS       none: it goes to who gets the frames
 * </pre>
 */
final class Http2FieldBlock {
    /** A block may be so many times larger than what may be in it, so that a request that asks too much still gets a status. */
    private static final int TIMES_HEADER_SECTION = 4;

    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[HpackDecoder.DEFAULT_TABLE_SIZE];
        }
    };

    private final Http2FrameDecoder.Frames frames;
    private final int maxContinuations;
    private final int maxLength;

    /** The fragments before the last one; null where there are none. */
    private byte @Nullable [] octets;

    private int length;
    private int streamId;
    private boolean endStream;
    private int dependency;
    private int continuations;

    /** @param frames gets the blocks */
    Http2FieldBlock(Http2FrameDecoder.Frames frames, Http2Options options, Limits limits) {
        this.frames = frames;
        this.maxContinuations = options.continuationFrames();
        this.maxLength = (int) Math.min(Integer.MAX_VALUE, (long) TIMES_HEADER_SECTION * limits.headerSection());
    }

    /** Whether CONTINUATION must follow. */
    boolean isOpen() {
        return octets != null;
    }

    boolean isOf(int stream) {
        return streamId == stream;
    }

    // ----------------------------------------------------------------------------- bounds, before a payload is awaited

    /** A HEADERS frame with a payload of that many octets is coming. */
    void headersAnnounced(int size) throws Http2Failure {
        continuations = 0;
        checkBounds(size);
    }

    /** A CONTINUATION frame with a payload of that many octets is coming, of a block that is open. */
    void continuationAnnounced(int size) throws Http2Failure {
        continuations++;
        checkBounds(length + size);
    }

    private void checkBounds(int whole) throws Http2Failure {
        if (continuations > maxContinuations || whole > maxLength) {
            throw Http2Failure.ofConnection(Http2Error.ENHANCE_YOUR_CALM, "field block in too many frames or octets");
        }
    }

    // ------------------------------------------------------------------------------------------------ fragments

    /** A block begins, whose first fragment is to be added. */
    void begin(int stream, boolean endsStream, int dependsOn) {
        streamId = stream;
        endStream = endsStream;
        dependency = dependsOn;
        length = 0;
    }

    /**
     * Adds a fragment, and hands the block on if it is whole.
     *
     * @param in from which that many octets are read
     * @param last whether it has END_HEADERS
     */
    void add(ByteBuf in, int size, boolean last) throws Http2Failure {
        byte[] known = octets;
        byte[] whole = known != null ? grown(known, size) : last ? scratch(size) : new byte[size];
        in.readBytes(whole, length, size);
        length += size;
        if (last) {
            octets = null;
            frames.headers(streamId, whole, length, endStream, dependency);
        } else {
            octets = whole;
        }
    }

    private byte[] grown(byte[] known, int more) {
        int needed = length + more;
        return needed <= known.length ? known : Arrays.copyOf(known, Math.max(needed, 2 * known.length));
    }

    private static byte[] scratch(int size) {
        byte[] known = SCRATCH.get();
        if (known.length >= size) {
            return known;
        }
        byte[] larger = new byte[size];
        if (size <= Http2Settings.DEFAULT_FRAME_SIZE) {
            SCRATCH.set(larger);
        }
        return larger;
    }
}
