package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The frames of one request in their order (RFC 9114 section 4.1): a header section, the body, a trailer section; between them may stand what is not known. Confined to its event loop.
 *
 * <pre>
 *   state    HEADERS            DATA               unknown   end of the stream       any other frame
 *   HEAD     head, BODY         *FRAME_UNEXPECTED  skipped   REQUEST_INCOMPLETE      *FRAME_UNEXPECTED
 *   BODY     trailers, TRAILED  data               skipped   end                     *FRAME_UNEXPECTED
 *   TRAILED  *FRAME_UNEXPECTED  *FRAME_UNEXPECTED  skipped   end                     *FRAME_UNEXPECTED
 *   * of the connection; so is FRAME_ERROR for an end within a frame
 * </pre>
 */
final class Http3RequestDecoder implements Http3FrameDecoder.Frames {
    /** What a request is told to. */
    interface Message {
        /** Whether what comes is still wanted. */
        boolean isOpen();

        /**
         * The header section has come.
         *
         * @param last whether it is the end of the request
         */
        void head(FieldSection section, boolean last) throws Http3Failure;

        /** Octets of the body: exactly so many of what is given are to be read. */
        void data(ByteBuf in, int length) throws Http3Failure;

        /** The trailer section has come. */
        void trailers(FieldSection section) throws Http3Failure;

        /** The request is complete. */
        void end() throws Http3Failure;
    }

    private enum State {
        HEAD,
        BODY,
        TRAILED
    }

    private enum Payload {
        SECTION,
        DATA,
        SKIPPED
    }

    private static final byte[] NOTHING = {};

    private final Message message;
    private final Http3FloodGuard guard;
    private final QpackDecoder qpack;
    private final FieldSection section;
    private final int maxBlock;
    private final Http3FrameDecoder frames = new Http3FrameDecoder(this);

    private State state = State.HEAD;
    private Payload payload = Payload.SKIPPED;
    private byte[] block = NOTHING;
    private int blockSize;
    private boolean tooLarge;
    private boolean fin;
    private boolean last;

    /**
     * A new request.
     *
     * @param section what its sections are decoded into, and others' after it
     * @param maxBlock octets of an encoded section; what is larger is not looked at
     */
    Http3RequestDecoder(
            Message message, Http3FloodGuard guard, QpackDecoder qpack, FieldSection section, int maxBlock) {
        this.message = message;
        this.guard = guard;
        this.qpack = qpack;
        this.section = section;
        this.maxBlock = maxBlock;
    }

    /**
     * Takes octets of the stream, all of them.
     *
     * @param end whether they are its last
     */
    void input(ByteBuf in, boolean end) throws Http3Failure {
        fin = end;
        last = false;
        frames.decode(in);
        if (!end || !message.isOpen()) {
            return;
        }
        if (frames.isWithin()) {
            throw Http3Failure.ofConnection(Http3Error.H3_FRAME_ERROR, "the end of a stream within a frame");
        }
        if (state == State.HEAD) {
            throw Http3Failure.ofStream(Http3Error.H3_REQUEST_INCOMPLETE, "a stream without a request");
        }
        message.end();
    }

    @Override
    public boolean isOpen() {
        return message.isOpen();
    }

    @Override
    public void begins(long type, long length) throws Http3Failure {
        payload = type > Http3FrameDecoder.MAX_PUSH_ID ? Payload.SKIPPED : payload((int) type);
        if (payload == Payload.SECTION) {
            tooLarge = length > maxBlock;
            blockSize = 0;
            last = false;
            if (tooLarge) {
                section.clear();
                section.add(Integer.MAX_VALUE / 2, 0);
                section(); // is answered without waiting for what is not looked at
            }
        } else if (payload == Payload.SKIPPED || length == 0) {
            guard.count(Http3FloodGuard.Kind.EMPTY);
        }
    }

    private Payload payload(int type) throws Http3Failure {
        switch (type) {
            case Http3FrameDecoder.DATA -> {
                if (state != State.BODY) {
                    throw Http3FrameDecoder.unexpected("DATA before the header section or behind the trailers");
                }
                return Payload.DATA;
            }
            case Http3FrameDecoder.HEADERS -> {
                if (state == State.TRAILED) {
                    throw Http3FrameDecoder.unexpected("HEADERS behind the trailers");
                }
                return Payload.SECTION;
            }
            case Http3FrameDecoder.CANCEL_PUSH,
                    Http3FrameDecoder.SETTINGS,
                    Http3FrameDecoder.PUSH_PROMISE,
                    Http3FrameDecoder.GOAWAY,
                    Http3FrameDecoder.MAX_PUSH_ID ->
                throw Http3FrameDecoder.unexpected("a frame that does not belong on the stream of a request");
            default -> {
                return Payload.SKIPPED;
            }
        }
    }

    @Override
    public void payload(ByteBuf in, int length) throws Http3Failure {
        if (payload == Payload.DATA) {
            message.data(in, length);
        } else if (payload == Payload.SKIPPED || tooLarge) {
            in.skipBytes(length);
            guard.skipped(length);
        } else {
            if (blockSize + length > block.length) {
                block = Arrays.copyOf(block, Math.min(maxBlock, Math.max(blockSize + length, 2 * block.length)));
            }
            in.readBytes(block, blockSize, length);
            blockSize += length;
        }
        last = fin && !in.isReadable();
    }

    @Override
    public void ends() throws Http3Failure {
        if (payload == Payload.SECTION && !tooLarge) {
            section.clear();
            qpack.decode(block, 0, blockSize, section);
            block = NOTHING;
            section();
        }
    }

    private void section() throws Http3Failure {
        if (state == State.HEAD) {
            state = State.BODY;
            message.head(section, last);
        } else {
            state = State.TRAILED;
            message.trailers(section);
        }
    }
}
