package io.asyncgateway.server;

import static io.asyncgateway.server.WebSocketDecoder.BINARY;
import static io.asyncgateway.server.WebSocketDecoder.CLOSE;
import static io.asyncgateway.server.WebSocketDecoder.CONTINUATION;
import static io.asyncgateway.server.WebSocketDecoder.FIN;
import static io.asyncgateway.server.WebSocketDecoder.LENGTH_16;
import static io.asyncgateway.server.WebSocketDecoder.LENGTH_64;
import static io.asyncgateway.server.WebSocketDecoder.PING;
import static io.asyncgateway.server.WebSocketDecoder.PONG;
import static io.asyncgateway.server.WebSocketDecoder.RSV1;
import static io.asyncgateway.server.WebSocketDecoder.TEXT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the frames of a server (RFC 6455 section 5; never masked), one message at a time and a large one in pieces, so that no more of it is
 * copied or compressed than the peer takes.
 *
 * <p>A message goes in one frame, except a large one that is compressed, whose length is not known at its start: each piece of it is a
 * fragment. Control frames may be written while {@link #betweenFrames()}. Confined to the event loop of its connection.
 */
final class WebSocketEncoder {
    /** The largest piece of a message that is copied at once. */
    static final int MAX_PIECE = 64 * 1024;

    /** The largest header of a frame of a server. */
    static final int MAX_HEADER = 10;

    /** The largest close frame. */
    static final int MAX_CLOSE = 2 + WebSocketDecoder.MAX_CONTROL_PAYLOAD;

    private final @Nullable PerMessageDeflateWriter deflater;
    private final int compressionThreshold;
    private boolean compressed;

    // What of the message has not been written; null between messages
    private @Nullable ByteBuffer rest;

    /**
     * An encoder at the beginning of a connection.
     *
     * @param deflater of the connection where permessage-deflate is agreed on
     * @param compressionThreshold bytes below which a message is not compressed
     */
    WebSocketEncoder(@Nullable PerMessageDeflateWriter deflater, int compressionThreshold) {
        this.deflater = deflater;
        this.compressionThreshold = compressionThreshold;
    }

    /**
     * Writes a message, or the first piece of a large one.
     *
     * @param payload of the message; must stay as it is until the message is complete. Its position is moved
     * @param out gets {@link #sizeOf(ByteBuffer)} bytes at most
     * @return whether the message is complete; if not, {@link #resume} is to follow
     */
    boolean begin(boolean text, ByteBuffer payload, ByteBuf out) {
        if (!isComplete()) {
            throw new IllegalStateException("a message is not complete");
        }
        int opcode = text ? TEXT : BINARY;
        int size = payload.remaining();
        if (deflater != null
                && size > 0
                && size >= compressionThreshold
                && beginCompressed(deflater, opcode, payload, out)) {
            return isComplete();
        }
        header(out, FIN | opcode, size);
        compressed = false;
        copyPiece(payload, out);
        return isComplete();
    }

    /** Writes the next piece of a message; returns whether it is complete. */
    boolean resume(ByteBuf out) {
        ByteBuffer payload = rest;
        if (payload == null) {
            throw new IllegalStateException("no message is begun");
        }
        if (compressed && deflater != null) {
            ByteBuffer piece = nextPiece(payload, PerMessageDeflateWriter.MAX_PIECE);
            deflated(deflater, CONTINUATION, deflater.deflate(piece, isComplete()), out);
        } else {
            copyPiece(payload, out);
        }
        return isComplete();
    }

    /** Whether the last message is complete. */
    boolean isComplete() {
        return rest == null;
    }

    /** Whether a control frame may be written now. */
    boolean betweenFrames() {
        return isComplete() || compressed;
    }

    /** How many bytes of room a message, or its first piece, wants. */
    static int sizeOf(ByteBuffer payload) {
        return MAX_HEADER + Math.min(MAX_PIECE, payload.remaining());
    }

    /** The same of what remains of the message that is begun. */
    int sizeOfRest() {
        ByteBuffer payload = rest;
        return payload == null ? 0 : sizeOf(payload);
    }

    /** Writes nothing and returns false where compression doesn't make the message smaller, judged by its first piece. */
    private boolean beginCompressed(PerMessageDeflateWriter writer, int opcode, ByteBuffer payload, ByteBuf out) {
        if (!writer.begin()) {
            return false;
        }
        int start = payload.position();
        ByteBuffer piece = nextPiece(payload, PerMessageDeflateWriter.MAX_PIECE);
        int original = piece.remaining();
        int size = writer.deflate(piece, isComplete());
        if (size >= original) {
            writer.abandon();
            payload.position(start);
            rest = null;
            return false;
        }
        compressed = true;
        deflated(writer, RSV1 | opcode, size, out);
        return true;
    }

    private void deflated(PerMessageDeflateWriter writer, int opcode, int size, ByteBuf out) {
        header(out, isComplete() ? FIN | opcode : opcode, size);
        out.writeBytes(writer.output(), 0, size);
    }

    private void copyPiece(ByteBuffer payload, ByteBuf out) {
        ByteBuffer piece = nextPiece(payload, MAX_PIECE);
        int size = piece.remaining();
        // Netty copies a read-only heap buffer twice; the JDK's own buffers know each other.
        out.ensureWritable(size);
        out.internalNioBuffer(out.writerIndex(), size).put(piece);
        out.writerIndex(out.writerIndex() + size);
    }

    /** Cuts a piece off; sets what remains then. */
    private ByteBuffer nextPiece(ByteBuffer payload, int limit) {
        if (payload.remaining() <= limit) {
            rest = null;
            return payload;
        }
        ByteBuffer piece = payload.slice(payload.position(), limit);
        payload.position(payload.position() + limit);
        rest = payload;
        return piece;
    }

    /** Writes a ping of at most 125 bytes. */
    static void ping(byte[] payload, ByteBuf out) {
        control(PING, payload, out);
    }

    /** Writes a pong of at most 125 bytes. */
    static void pong(byte[] payload, ByteBuf out) {
        control(PONG, payload, out);
    }

    /** Writes a close frame; {@link WebSocketCloseCodes#NO_STATUS} stands for none. The reason has at most 123 bytes of UTF-8. */
    static void close(int code, String reason, ByteBuf out) {
        if (code == WebSocketCloseCodes.NO_STATUS) {
            header(out, FIN | CLOSE, 0);
            return;
        }
        byte[] text = reason.getBytes(UTF_8);
        header(out, FIN | CLOSE, Short.BYTES + text.length);
        out.writeShort(code).writeBytes(text);
    }

    private static void control(int opcode, byte[] payload, ByteBuf out) {
        header(out, FIN | opcode, payload.length);
        out.writeBytes(payload);
    }

    private static void header(ByteBuf out, int first, int size) {
        if (size < LENGTH_16) {
            out.writeShort(first << 8 | size);
        } else if (size <= 0xFFFF) {
            out.writeShort(first << 8 | LENGTH_16).writeShort(size);
        } else {
            out.writeShort(first << 8 | LENGTH_64).writeLong(size);
        }
    }
}
