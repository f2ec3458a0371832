package io.asyncgateway.server;

import io.asyncgateway.api.WebSocketMessage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on one WebSocket: one message at a time, a large one in pieces as the peer takes them, and control frames between frames. Of pongs at most one
 * waits for a peer that does not read, the latest (RFC 6455 section 5.5.3). After the close frame nothing goes out. Confined to its event loop.
 */
final class WebSocketOutput {
    /** Pieces that are written, or compressed, in one turn of the event loop, which others are waiting for. */
    private static final int PIECES_IN_A_TURN = 8;

    private static final byte[] NO_PAYLOAD = {};

    private final OutputBuffer output;
    private final WebSocketEncoder encoder;

    /** Schedules a call of {@link #resume()} by the connection. */
    private final Runnable nextTurn;

    private byte @Nullable [] pong;
    private boolean ping;
    private int closeCode;
    private @Nullable String closeReason;
    private boolean closeWritten;
    private boolean writing;
    private long sentBytes;

    WebSocketOutput(OutputBuffer output, WebSocketEncoder encoder, Runnable nextTurn) {
        this.output = output;
        this.encoder = encoder;
        this.nextTurn = nextTurn;
    }

    /** Writes a message; false if it, or the peer, is not ready for more: {@link #resume()} is to follow. */
    boolean send(WebSocketMessage message) {
        ByteBuffer payload = message.payload();
        sentBytes += payload.remaining();
        boolean text = message instanceof WebSocketMessage.Text;
        if (encoder.begin(text, payload, output.room(WebSocketEncoder.sizeOf(payload))) && output.isWritable()) {
            return true;
        }
        return proceed();
    }

    /** Goes on where the peer takes more; true if everything has been written, and more may be. */
    boolean resume() {
        return !writing && proceed();
    }

    private boolean proceed() {
        writing = true; // a flush may find the channel writable again at once
        try {
            for (int pieces = 1; !encoder.isComplete(); pieces++) {
                controlFrames();
                if (closeWritten || !isWritable()) {
                    return false;
                }
                if (pieces == PIECES_IN_A_TURN) {
                    output.flushNow();
                    nextTurn.run();
                    return false;
                }
                encoder.resume(output.room(encoder.sizeOfRest()));
            }
            controlFrames();
            return isWritable();
        } finally {
            writing = false;
        }
    }

    private boolean isWritable() {
        if (!output.isWritable()) {
            output.flushNow();
        }
        return output.isWritable();
    }

    void pong(byte[] payload) {
        pong = payload;
        controlFrames();
    }

    void ping() {
        ping = true;
        controlFrames();
        output.flushIfIdle();
    }

    /** Writes a close frame now, or after the frame that is being written; {@link #isCloseWritten()} tells. */
    void close(int code, String reason) {
        closeCode = code;
        closeReason = reason;
        controlFrames();
    }

    boolean isCloseWritten() {
        return closeWritten;
    }

    /** Bytes of the messages that were sent. */
    long sentBytes() {
        return sentBytes;
    }

    private void controlFrames() {
        if (closeWritten || !encoder.betweenFrames()) {
            return;
        }
        byte[] waitingPong = pong;
        if (waitingPong != null && output.isWritable()) {
            pong = null;
            WebSocketEncoder.pong(waitingPong, output.room(waitingPong.length + WebSocketEncoder.MAX_HEADER));
        }
        if (ping && output.isWritable()) {
            ping = false;
            WebSocketEncoder.ping(NO_PAYLOAD, output.room(WebSocketEncoder.MAX_HEADER));
        }
        String reason = closeReason;
        if (reason != null) {
            closeWritten = true;
            WebSocketEncoder.close(closeCode, reason, output.room(WebSocketEncoder.MAX_CLOSE));
        }
    }
}
