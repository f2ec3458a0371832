package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the messages of one connection as their frames come (RFC 7692 section 7.2.2), in pieces, no further than the limit of the message.
 *
 * <p>A block with BFINAL ends a deflate stream, so that the next begins with an empty window; at the end of such a message the window is what the
 * message itself was.
 */
final class PerMessageDeflateReader implements AutoCloseable {
    /**
     * The four octets that a sender removes from the end of a message, and an empty block more. In a message that is whole neither makes
     * any output; in one that breaks off within a block the second shows it.
     */
    private static final byte[] TAIL = {0, 0, -1, -1, 0, 0, 0, -1, -1};

    private static final int WINDOW = 1 << PerMessageDeflateParameters.MAX_WINDOW_BITS;

    private final PerMessageDeflatePool pool;
    private final boolean keepsContext;
    private final byte[] overrun = new byte[1];
    private @Nullable Inflater inflater;
    private boolean streamEnded;
    private boolean restarted;

    PerMessageDeflateReader(PerMessageDeflatePool pool, boolean keepsContext) {
        this.pool = pool;
        this.keepsContext = keepsContext;
    }

    /** Inflates the next octets of a message and returns the masking key for those that follow. */
    int inflateMasked(ByteBuf in, int count, int key, WebSocketAssembly to) throws WebSocketProtocolException {
        Inflater engine = engine();
        byte[] piece = pool.input();
        int next = key;
        for (int rest = count; rest > 0; ) {
            int size = Math.min(rest, piece.length);
            in.readBytes(piece, 0, size);
            next = WebSocketMask.apply(piece, 0, size, next);
            inflate(engine, piece, size, to);
            rest -= size;
        }
        return next;
    }

    private void inflate(Inflater engine, byte[] piece, int size, WebSocketAssembly to)
            throws WebSocketProtocolException {
        engine.setInput(piece, 0, size);
        streamEnded = false;
        int guess = 4 * size;
        long written = 0;
        try {
            while (true) {
                int room = to.room(guess);
                written = engine.getBytesWritten();
                int count = engine.inflate(to.array(), to.length(), room);
                to.appended(count);
                if (engine.finished()) {
                    int left = engine.getRemaining();
                    engine.reset();
                    restarted = true;
                    if (left == 0) {
                        streamEnded = true;
                        return;
                    }
                    engine.setInput(piece, size - left, left);
                } else if (count < room) {
                    return;
                }
            }
        } catch (DataFormatException e) {
            // What came out before may break another rule, which must not depend on how the octets arrived.
            to.appended((int) (engine.getBytesWritten() - written));
            throw corrupt();
        }
    }

    /** To be called at the end of each compressed message. */
    void endMessage(WebSocketAssembly whole) throws WebSocketProtocolException {
        Inflater engine = inflater;
        if (engine == null) {
            // A compressed message of no octets; not as RFC 7692 section 7.2.3.6 has it, but clear.
            return;
        }
        if (!streamEnded) {
            endBlock(engine);
        }
        if (!keepsContext) {
            inflater = null;
            pool.takeBack(engine);
        } else if (restarted && whole.length() > 0) {
            int size = Math.min(whole.length(), WINDOW);
            engine.setDictionary(whole.array(), whole.length() - size, size);
        }
        streamEnded = true;
        restarted = false;
    }

    private void endBlock(Inflater engine) throws WebSocketProtocolException {
        try {
            engine.setInput(TAIL);
            if (engine.inflate(overrun) != 0) {
                throw corrupt();
            }
            if (engine.finished()) {
                engine.reset();
                restarted = true;
            }
        } catch (DataFormatException e) {
            throw corrupt();
        }
    }

    private Inflater engine() {
        Inflater engine = inflater;
        if (engine == null) {
            engine = keepsContext ? pool.newInflater() : pool.lendInflater();
            inflater = engine;
        }
        return engine;
    }

    @Override
    public void close() {
        Inflater engine = inflater;
        if (engine != null) {
            inflater = null;
            engine.end();
        }
    }

    private static WebSocketProtocolException corrupt() {
        return WebSocketProtocolException.invalidPayload("compressed data is corrupt");
    }
}
