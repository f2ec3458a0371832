package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;

/**
 * Cuts the octets of one stream into frames (RFC 9114 section 7.1), which it passes on as they come: it holds nothing but the numbers at the beginning of a frame. Confined to its event
 * loop.
 */
final class Http3FrameDecoder {
    static final int DATA = 0x00;
    static final int HEADERS = 0x01;
    static final int CANCEL_PUSH = 0x03;
    static final int SETTINGS = 0x04;
    static final int PUSH_PROMISE = 0x05;
    static final int GOAWAY = 0x07;
    static final int MAX_PUSH_ID = 0x0d;

    /** What is told of frames; each that begins ends, unless one of the calls fails. */
    interface Frames {
        /** A frame has begun, with so many octets of payload. */
        void begins(long type, long length) throws Http3Failure;

        /** Octets of its payload: exactly so many of what is given are to be read. */
        void payload(ByteBuf in, int length) throws Http3Failure;

        void ends() throws Http3Failure;

        /** Whether what comes is still wanted. */
        boolean isOpen();
    }

    private enum State {
        TYPE,
        LENGTH,
        PAYLOAD
    }

    private final Frames frames;
    private final VarInt number = new VarInt();
    private State state = State.TYPE;
    private long type;
    private long left;

    Http3FrameDecoder(Frames frames) {
        this.frames = frames;
    }

    /** Reads everything that is given. */
    void decode(ByteBuf in) throws Http3Failure {
        while (frames.isOpen() && step(in)) {
            // a number or a piece of payload each
        }
    }

    /** Whether a frame has begun and not ended. */
    boolean isWithin() {
        return state != State.TYPE || number.isWithin();
    }

    private boolean step(ByteBuf in) throws Http3Failure {
        switch (state) {
            case TYPE -> {
                if (!number.read(in)) {
                    return false;
                }
                type = number.value();
                state = State.LENGTH;
            }
            case LENGTH -> {
                if (!number.read(in)) {
                    return false;
                }
                left = number.value();
                state = State.PAYLOAD;
                begin();
            }
            case PAYLOAD -> {
                if (left > 0 && !in.isReadable()) {
                    return false;
                }
                int length = (int) Math.min(left, in.readableBytes());
                left -= length;
                if (left == 0) {
                    state = State.TYPE; // so that the last octets are known for the last
                }
                if (length > 0) {
                    frames.payload(in, length);
                }
                if (left == 0) {
                    frames.ends();
                }
            }
        }
        return true;
    }

    /** Those that HTTP/2 had and HTTP/3 has not are no unknown ones (RFC 9114 section 7.2.8). */
    private void begin() throws Http3Failure {
        if (type == 0x02 || type == 0x06 || type == 0x08 || type == 0x09) {
            throw unexpected("a frame of HTTP/2");
        }
        frames.begins(type, left);
    }

    static Http3Failure unexpected(String message) {
        return Http3Failure.ofConnection(Http3Error.H3_FRAME_UNEXPECTED, message);
    }
}
