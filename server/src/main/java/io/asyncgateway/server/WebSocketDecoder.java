package io.asyncgateway.server;

import static io.asyncgateway.server.WebSocketProtocolException.protocolError;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncgateway.api.WebSocketMessage;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the frames of a client (RFC 6455 section 5), as far as it is asked: each call takes what it can use from the buffer and returns at
 * the first event. The same octets give the same events however they are cut into buffers, and what is wrong is refused as early as it
 * shows: a header before its payload, text at its first octet that is not UTF-8.
 *
 * <p>Payload is copied once, from the buffer into the message. Fragments become one message; control frames may come between them.
 *
 * <pre>
 *             +---------- header of a data frame ----------+
 *             |                                            v
 *         [between frames]                             [payload] ---- octets come
 *             ^  |                                         |
 *             |  +-- control frame, whole --> PING PONG    |
 *             |                               CLOSE        |
 *             +------- end of the frame, FIN: MESSAGE -----+
 * </pre>
 *
 * <p>After an exception or a {@link Result#CLOSE} nothing that follows has a meaning: the caller throws further input away. Confined to the
 * event loop of its connection.
 */
final class WebSocketDecoder {
    /** What a call to {@link #decode} came to. */
    enum Result {
        /** More octets are needed; all that were useful have been taken. */
        NEED_MORE,
        /** A message stands at the front of the buffer, and the caller does not want one now. */
        MESSAGE_WAITS,
        /** {@link #takeMessage()}. */
        MESSAGE,
        /** {@link #pingPayload()}. */
        PING,
        PONG,
        /** {@link #closeCode()}, {@link #closeReason()}. */
        CLOSE
    }

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    static final int FIN = 0x80;
    static final int RSV1 = 0x40;
    private static final int RSV = 0x70;
    static final int MASKED = 0x80;
    static final int LENGTH_16 = 126;
    static final int LENGTH_64 = 127;
    static final int MAX_CONTROL_PAYLOAD = 125;

    /** Frames without payload move a message no further; a peer that sends more of them in one message only makes work. */
    static final int MAX_EMPTY_FRAGMENTS = 1024;

    private static final byte[] NO_PAYLOAD = {};

    private final int maxFrameSize;
    private final WebSocketAssembly assembly;
    private final @Nullable PerMessageDeflateReader inflater;

    // The message: between its first and its last frame
    private boolean inMessage;
    private boolean compressed;
    private int emptyFragments;

    // The data frame: between its header and its end
    private boolean inPayload;
    private boolean last;
    private int rest;
    private int key;

    // What the last result is about
    private @Nullable WebSocketMessage message;
    private byte[] pingPayload = NO_PAYLOAD;
    private int closeCode = WebSocketCloseCodes.NO_STATUS;
    private String closeReason = "";

    /**
     * A decoder at the beginning of a connection.
     *
     * @param maxFrameSize limit on the payload of a frame as on the wire
     * @param maxMessageSize limit on a message, after inflation
     * @param inflater of the connection where permessage-deflate is agreed on
     */
    WebSocketDecoder(int maxFrameSize, int maxMessageSize, @Nullable PerMessageDeflateReader inflater) {
        this.maxFrameSize = maxFrameSize;
        this.assembly = new WebSocketAssembly(maxMessageSize);
        this.inflater = inflater;
    }

    /**
     * Goes on to the next event.
     *
     * @param in what has come and has not been taken; read from its reader index on
     * @param mayBegin whether a new message may be begun; one that was begun is always read further
     * @return what was found
     * @throws WebSocketProtocolException if the peer broke a rule or a limit
     */
    Result decode(ByteBuf in, boolean mayBegin) throws WebSocketProtocolException {
        while (true) {
            if (!inPayload) {
                Result result = header(in, mayBegin);
                if (result != null) {
                    return result;
                }
            }
            if (!payload(in)) {
                return Result.NEED_MORE;
            }
            if (endOfFrame()) {
                return Result.MESSAGE;
            }
        }
    }

    /** The message of {@link Result#MESSAGE}; handed out once. */
    WebSocketMessage takeMessage() {
        WebSocketMessage whole = message;
        if (whole == null) {
            throw new IllegalStateException("no message");
        }
        message = null;
        return whole;
    }

    /** The payload of the last {@link Result#PING}, for the pong; the caller's own. */
    byte[] pingPayload() {
        return pingPayload;
    }

    /** The code of the close frame; 1005 where it had none. */
    int closeCode() {
        return closeCode;
    }

    String closeReason() {
        return closeReason;
    }

    /** Lets go of a message that is not whole yet. */
    void release() {
        assembly.release();
    }

    /** Takes a whole control frame, or the header of a data frame, for which it returns null. */
    private @Nullable Result header(ByteBuf in, boolean mayBegin) throws WebSocketProtocolException {
        int readable = in.readableBytes();
        if (readable < 2) {
            return Result.NEED_MORE;
        }
        int start = in.readerIndex();
        int first = in.getUnsignedByte(start);
        int second = in.getUnsignedByte(start + 1);
        int opcode = first & 0x0F;
        if (!mayBegin && !inMessage && (opcode == TEXT || opcode == BINARY)) {
            return Result.MESSAGE_WAITS;
        }
        check(first, second);
        int form = second & 0x7F;
        if (opcode >= CLOSE) {
            return control(in, opcode, form);
        }
        int lengthOctets = form < LENGTH_16 ? 0 : form == LENGTH_16 ? Short.BYTES : Long.BYTES;
        if (readable < 2 + lengthOctets) {
            return Result.NEED_MORE;
        }
        int length = payloadLength(in, start + 2, form);
        boolean deflated = opcode == CONTINUATION ? compressed : (first & RSV1) != 0;
        if (!deflated) {
            assembly.checkAnnounced(length);
        }
        if (readable < 2 + lengthOctets + Integer.BYTES) {
            return Result.NEED_MORE;
        }
        key = in.getIntLE(start + 2 + lengthOctets);
        in.skipBytes(2 + lengthOctets + Integer.BYTES);
        begin(opcode, first, length, deflated);
        return null;
    }

    private void begin(int opcode, int first, int length, boolean deflated) throws WebSocketProtocolException {
        if (opcode != CONTINUATION) {
            assembly.begin(opcode == TEXT);
            inMessage = true;
            compressed = deflated;
            emptyFragments = 0;
        }
        last = (first & FIN) != 0;
        if (length == 0 && !last && ++emptyFragments > MAX_EMPTY_FRAGMENTS) {
            throw new WebSocketProtocolException(
                    WebSocketCloseCodes.POLICY_VIOLATION,
                    "too many empty fragments (expected: at most " + MAX_EMPTY_FRAGMENTS + ")");
        }
        rest = length;
        inPayload = true;
    }

    /** The rules that the first two octets show broken. */
    private void check(int first, int second) throws WebSocketProtocolException {
        int opcode = first & 0x0F;
        boolean opensMessage = opcode == TEXT || opcode == BINARY;
        int reserved = first & RSV;
        if (reserved != 0 && !(reserved == RSV1 && opensMessage && inflater != null)) {
            throw protocolError("reserved bits are set");
        }
        if (opcode > PONG || (opcode > BINARY && opcode < CLOSE)) {
            throw protocolError("opcode: " + opcode + " (expected: 0-2 or 8-10)");
        }
        if ((second & MASKED) == 0) {
            throw protocolError("frame is not masked");
        }
        if (opcode >= CLOSE) {
            if ((first & FIN) == 0) {
                throw protocolError("control frame is fragmented");
            }
            if ((second & 0x7F) > MAX_CONTROL_PAYLOAD) {
                throw protocolError("control frame has more than " + MAX_CONTROL_PAYLOAD + " bytes");
            }
        } else if (opensMessage == inMessage) {
            throw protocolError(inMessage ? "new message inside a fragmented one" : "continuation of nothing");
        }
    }

    private int payloadLength(ByteBuf in, int index, int form) throws WebSocketProtocolException {
        long length = form < LENGTH_16 ? form : form == LENGTH_16 ? in.getUnsignedShort(index) : in.getLong(index);
        if (length < 0) {
            throw protocolError("payload length has its highest bit set");
        }
        if ((form == LENGTH_16 && length < LENGTH_16) || (form == LENGTH_64 && length <= 0xFFFF)) {
            throw protocolError("payload length is not in its shortest form");
        }
        if (length > maxFrameSize) {
            throw WebSocketProtocolException.tooBig("frame", maxFrameSize);
        }
        return (int) length;
    }

    /** Takes what has come of the payload; returns whether that was all. */
    private boolean payload(ByteBuf in) throws WebSocketProtocolException {
        int count = Math.min(rest, in.readableBytes());
        if (count > 0) {
            rest -= count;
            if (compressed && inflater != null) {
                key = inflater.inflateMasked(in, count, key, assembly);
            } else {
                key = assembly.appendMasked(in, count, rest, last, key);
            }
        }
        return rest == 0;
    }

    /** Returns whether the frame was the last of its message. */
    private boolean endOfFrame() throws WebSocketProtocolException {
        inPayload = false;
        if (!last) {
            return false;
        }
        if (compressed && inflater != null) {
            inflater.endMessage(assembly);
        }
        message = assembly.finish();
        inMessage = false;
        return true;
    }

    private Result control(ByteBuf in, int opcode, int length) throws WebSocketProtocolException {
        if (in.readableBytes() < 2 + Integer.BYTES + length) {
            return Result.NEED_MORE;
        }
        in.skipBytes(2);
        int maskingKey = in.readIntLE();
        if (opcode == PONG) {
            in.skipBytes(length);
            return Result.PONG;
        }
        byte[] content = length == 0 ? NO_PAYLOAD : new byte[length];
        in.readBytes(content);
        WebSocketMask.apply(content, 0, length, maskingKey);
        if (opcode == PING) {
            pingPayload = content;
            return Result.PING;
        }
        close(content);
        return Result.CLOSE;
    }

    private void close(byte[] content) throws WebSocketProtocolException {
        if (content.length == 0) {
            return;
        }
        if (content.length == 1) {
            throw protocolError("close frame has 1 byte (expected: none or at least 2)");
        }
        int code = (content[0] & 0xFF) << 8 | (content[1] & 0xFF);
        if (!WebSocketCloseCodes.isSendable(code)) {
            throw protocolError("close code: " + code + " (expected: 1000-1003, 1007-1014 or 3000-4999)");
        }
        Utf8Validator utf8 = new Utf8Validator();
        if (!utf8.accept(content, 2, content.length) || !utf8.isComplete()) {
            throw WebSocketProtocolException.invalidPayload("reason of the close frame is not UTF-8");
        }
        closeCode = code;
        closeReason = new String(content, 2, content.length - 2, UTF_8);
    }
}
