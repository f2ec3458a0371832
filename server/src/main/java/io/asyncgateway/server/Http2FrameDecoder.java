package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;

/**
 * Cuts the octets of a client into frames and checks each by itself (RFC 9113 sections 4 and 6): its length, its flags, whether it may stand on a stream or on the
 * connection. What a frame means to streams is decided by who gets it.
 *
 * <p>The payload of DATA is handed on as it comes. Every other frame is awaited whole; a field block in several frames is put together by {@link Http2FieldBlock}.
 * Confined to its event loop.
 *
 * <pre>
 *   HEADER ──► PAYLOAD ──► HEADER                            (a frame that is awaited whole)
 *   HEADER ──► PAD_LENGTH ──► DATA ──► SKIPPED ──► HEADER    (DATA; padding is skipped)
 *   HEADER ──► SKIPPED ──► HEADER                            (of unknown type, or DATA that nobody wants)
 * </pre>
 */
final class Http2FrameDecoder {
    /** Gets the frames. What it throws for a stream leaves the decoder at the next frame. */
    interface Frames {
        /**
         * A DATA frame begins.
         *
         * @param flowControlled what it counts in the windows: its data and its padding
         * @param size of its data
         * @param endStream whether it is the last of its stream
         * @return whether its data is wanted
         */
        boolean dataBegins(int streamId, int flowControlled, int size, boolean endStream) throws Http2Failure;

        /**
         * Data that was wanted.
         *
         * @param octets from which exactly {@code length} octets are to be read
         * @param end whether they are the last of the stream
         */
        void data(int streamId, ByteBuf octets, int length, boolean end) throws Http2Failure;

        /**
         * A whole field block.
         *
         * @param block octets that are the receiver's for the time of the call
         * @param dependency the stream that it depends on; 0 if it says none
         */
        void headers(int streamId, byte[] block, int length, boolean endStream, int dependency) throws Http2Failure;

        void priority(int streamId, int dependency) throws Http2Failure;

        void reset(int streamId) throws Http2Failure;

        /** Payload of SETTINGS: six octets each. */
        void settings(ByteBuf octets, int length) throws Http2Failure;

        void settingsAcknowledged() throws Http2Failure;

        void ping(long opaque) throws Http2Failure;

        void pingAcknowledged(long opaque) throws Http2Failure;

        void goAway() throws Http2Failure;

        void windowUpdate(int streamId, int increment) throws Http2Failure;

        /** A frame of a type that is not known. */
        void unknown() throws Http2Failure;
    }

    private enum State {
        HEADER,
        PAYLOAD,
        PAD_LENGTH,
        DATA,
        SKIPPED
    }

    static final int HEADER_SIZE = 9;

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 0x1;
    static final int END_STREAM = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int PRIORITIZED = 0x20;

    private final Frames frames;
    private final int maxFrameSize;
    private final Http2FieldBlock block;

    private State state = State.HEADER;
    private boolean begun;
    private int type;
    private int flags;
    private int streamId;

    /** Octets of the payload, or of the part of it that is dealt with, that have not come yet. */
    private int rest;

    private int padding;
    private int completed;

    Http2FrameDecoder(Frames frames, Http2Options options, Limits limits) {
        this.frames = frames;
        this.maxFrameSize = options.maxFrameSize();
        this.block = new Http2FieldBlock(frames, options, limits);
    }

    /** Whether the peer owes the rest of a frame that is awaited whole, or of a field block. */
    boolean isWithin(boolean octetsLeft) {
        return switch (state) {
            case HEADER -> block.isOpen() || octetsLeft;
            case PAYLOAD, PAD_LENGTH -> true;
            case DATA, SKIPPED -> false;
        };
    }

    /** A number that changes when something is complete that was awaited whole. */
    int completed() {
        return completed;
    }

    /** Goes on by a step; {@code false} if more octets are needed for one. */
    boolean decode(ByteBuf in) throws Http2Failure {
        if (state == State.HEADER && !block.isOpen()) {
            completed++;
        }
        return switch (state) {
            case HEADER -> header(in);
            case PAYLOAD -> payload(in);
            case PAD_LENGTH -> padLength(in);
            case DATA -> data(in);
            case SKIPPED -> skip(in);
        };
    }

    private static Http2Failure broken(Http2Error error, String message) {
        return Http2Failure.ofConnection(error, message);
    }

    // ------------------------------------------------------------------------------------------------ the header

    private boolean header(ByteBuf in) throws Http2Failure {
        if (in.readableBytes() < HEADER_SIZE) {
            return false;
        }
        rest = in.readUnsignedMedium();
        type = in.readUnsignedByte();
        flags = in.readUnsignedByte();
        streamId = in.readInt() & 0x7fff_ffff;
        if (rest > maxFrameSize) {
            throw broken(
                    Http2Error.FRAME_SIZE_ERROR,
                    "frame of " + rest + " octets (expected: at most " + maxFrameSize + ")");
        }
        if (!begun && (type != SETTINGS || is(ACK))) {
            throw broken(Http2Error.PROTOCOL_ERROR, "a frame before SETTINGS");
        }
        begun = true;
        if (block.isOpen() && (type != CONTINUATION || !block.isOf(streamId))) {
            throw broken(Http2Error.PROTOCOL_ERROR, "a frame within a field block (expected: CONTINUATION)");
        }
        checkPlace();
        checkLength();
        if (type == DATA) {
            beginData(in);
        } else if (type > CONTINUATION) {
            state = State.SKIPPED;
            frames.unknown();
        } else {
            state = State.PAYLOAD;
        }
        return true;
    }

    private boolean is(int flag) {
        return (flags & flag) != 0;
    }

    private void checkPlace() throws Http2Failure {
        switch (type) {
            case DATA, HEADERS, PRIORITY, RST_STREAM -> {
                if (streamId == 0) {
                    throw broken(Http2Error.PROTOCOL_ERROR, "a frame of a stream on the connection");
                }
                if (type == HEADERS) {
                    block.headersAnnounced(rest);
                }
            }
            case SETTINGS, PING, GOAWAY -> {
                if (streamId != 0) {
                    throw broken(Http2Error.PROTOCOL_ERROR, "a frame of the connection on a stream");
                }
            }
            case PUSH_PROMISE -> throw broken(Http2Error.PROTOCOL_ERROR, "PUSH_PROMISE from a client");
            case CONTINUATION -> {
                if (!block.isOpen()) {
                    throw broken(Http2Error.PROTOCOL_ERROR, "CONTINUATION without a field block");
                }
                block.continuationAnnounced(rest);
            }
            default -> {}
        }
    }

    private void checkLength() throws Http2Failure {
        boolean fits =
                switch (type) {
                    case DATA -> !is(PADDED) || rest > 0;
                    case HEADERS -> rest >= (is(PADDED) ? 1 : 0) + (is(PRIORITIZED) ? 5 : 0);
                    case RST_STREAM, WINDOW_UPDATE -> rest == 4;
                    case SETTINGS -> is(ACK) ? rest == 0 : rest % Http2Settings.ENTRY == 0;
                    case PING -> rest == 8;
                    case GOAWAY -> rest >= 8;
                    default -> true; // that of PRIORITY concerns its stream alone
                };
        if (!fits) {
            throw broken(Http2Error.FRAME_SIZE_ERROR, "frame of type " + type + " and " + rest + " octets");
        }
    }

    // ------------------------------------------------------------------------------------------------ DATA

    private void beginData(ByteBuf in) throws Http2Failure {
        padding = 0;
        if (is(PADDED)) {
            state = State.PAD_LENGTH;
        } else {
            dataBegins(in, rest);
        }
    }

    private boolean padLength(ByteBuf in) throws Http2Failure {
        if (!in.isReadable()) {
            return false;
        }
        padding = in.readUnsignedByte();
        int flowControlled = rest;
        if (padding >= rest) {
            throw broken(Http2Error.PROTOCOL_ERROR, "padding that is longer than its frame");
        }
        rest -= 1 + padding;
        dataBegins(in, flowControlled);
        return true;
    }

    private void dataBegins(ByteBuf in, int flowControlled) throws Http2Failure {
        int size = rest;
        rest += padding; // unless it is wanted
        state = State.SKIPPED;
        if (frames.dataBegins(streamId, flowControlled, size, is(END_STREAM))) {
            rest = size;
            state = State.DATA;
            if (size == 0) {
                data(in);
            }
        }
    }

    private boolean data(ByteBuf in) throws Http2Failure {
        int length = Math.min(rest, in.readableBytes());
        if (length == 0 && rest > 0) {
            return false;
        }
        rest -= length;
        int after = in.readerIndex() + length;
        boolean end = rest == 0;
        if (end) {
            rest = padding;
            state = State.SKIPPED;
        }
        try {
            frames.data(streamId, in, length, end && is(END_STREAM));
        } finally {
            in.readerIndex(after);
        }
        return true;
    }

    private boolean skip(ByteBuf in) {
        int length = Math.min(rest, in.readableBytes());
        in.skipBytes(length);
        rest -= length;
        if (rest == 0) {
            state = State.HEADER;
        }
        return rest == 0;
    }

    // ------------------------------------------------------------------------------------------------ other frames

    private boolean payload(ByteBuf in) throws Http2Failure {
        if (in.readableBytes() < rest) {
            return false;
        }
        state = State.HEADER;
        int end = in.readerIndex() + rest;
        try {
            switch (type) {
                case HEADERS -> headers(in);
                case CONTINUATION -> block.add(in, rest, is(END_HEADERS));
                case PRIORITY -> priority(in);
                case RST_STREAM -> frames.reset(streamId);
                case SETTINGS -> settings(in);
                case PING -> ping(in);
                case GOAWAY -> frames.goAway();
                case WINDOW_UPDATE -> frames.windowUpdate(streamId, in.readInt() & 0x7fff_ffff);
                default -> throw new IllegalStateException("frame of type " + type);
            }
        } finally {
            in.readerIndex(end);
        }
        return true;
    }

    private void headers(ByteBuf in) throws Http2Failure {
        int length = rest;
        int pad = 0;
        if (is(PADDED)) {
            pad = in.readUnsignedByte();
            length--;
        }
        int dependency = 0;
        if (is(PRIORITIZED)) {
            dependency = in.readInt() & 0x7fff_ffff;
            in.skipBytes(1);
            length -= 5;
        }
        if (pad > length) {
            throw broken(Http2Error.PROTOCOL_ERROR, "padding that is longer than its frame");
        }
        block.begin(streamId, is(END_STREAM), dependency);
        block.add(in, length - pad, is(END_HEADERS));
    }

    private void priority(ByteBuf in) throws Http2Failure {
        if (rest != 5) {
            throw Http2Failure.ofStream(streamId, Http2Error.FRAME_SIZE_ERROR, "PRIORITY of " + rest + " octets");
        }
        frames.priority(streamId, in.readInt() & 0x7fff_ffff);
    }

    private void settings(ByteBuf in) throws Http2Failure {
        if (is(ACK)) {
            frames.settingsAcknowledged();
        } else {
            frames.settings(in, rest);
        }
    }

    private void ping(ByteBuf in) throws Http2Failure {
        if (is(ACK)) {
            frames.pingAcknowledged(in.readLong());
        } else {
            frames.ping(in.readLong());
        }
    }
}
