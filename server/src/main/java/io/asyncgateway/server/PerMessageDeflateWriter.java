package io.asyncgateway.server;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Deflates the messages of one connection (RFC 7692 section 7.2.1), piece by piece, so that a large one does not keep the event loop.
 *
 * <p>Where the peer wants a smaller window than the compressor's own, the compressor forgets everything after as many octets as the window has:
 * what it can't remember it can't refer to.
 */
final class PerMessageDeflateWriter implements AutoCloseable {
    /** The largest piece that is deflated at once. */
    static final int MAX_PIECE = 32 * 1024;

    /** Incompressible pieces grow by ten octets for each 256, with the smallest window, and less otherwise. */
    static final int MAX_OUTPUT = 2 * MAX_PIECE;

    /** Octets at the end of a flush that a message goes without. */
    private static final int TAIL = 4;

    private static final byte[] NOTHING = {};

    private final PerMessageDeflatePool pool;
    private final boolean keepsContext;
    private final int window;
    private @Nullable Deflater deflater;

    PerMessageDeflateWriter(PerMessageDeflatePool pool, boolean keepsContext, int window) {
        this.pool = pool;
        this.keepsContext = keepsContext;
        this.window = window;
    }

    /** Whether a message can be compressed now; if so, {@link #deflate} its pieces or {@link #abandon} it. */
    boolean begin() {
        if (deflater == null) {
            deflater = keepsContext ? pool.newDeflater() : pool.lendDeflater();
        }
        return deflater != null;
    }

    /**
     * Deflates a piece into {@link #output()}.
     *
     * @param piece at least 1 and at most {@link #MAX_PIECE} octets, all of which are taken
     * @param last whether the message ends with it
     * @return how many octets of {@link #output()} are the payload of the frame
     */
    int deflate(ByteBuffer piece, boolean last) {
        Deflater engine = deflater;
        if (engine == null) {
            throw new IllegalStateException("no message is begun");
        }
        int size = window == 1 << PerMessageDeflateParameters.MAX_WINDOW_BITS
                ? flush(engine, piece, 0, Deflater.SYNC_FLUSH)
                : deflateInWindows(engine, piece);
        if (!last) {
            return size;
        }
        end(engine);
        return size - TAIL;
    }

    private int deflateInWindows(Deflater engine, ByteBuffer piece) {
        int end = piece.limit();
        int size = 0;
        while (piece.position() < end) {
            piece.limit(Math.min(end, piece.position() + window));
            size = flush(engine, piece, size, Deflater.FULL_FLUSH);
        }
        return size;
    }

    private int flush(Deflater engine, ByteBuffer piece, int from, int mode) {
        engine.setInput(piece);
        byte[] output = pool.output();
        int size = from + engine.deflate(output, from, output.length - from, mode);
        if (size == output.length || piece.hasRemaining()) {
            throw new IllegalStateException("deflated piece has more than " + MAX_OUTPUT + " bytes");
        }
        // Otherwise an idle connection would keep the application's buffer.
        engine.setInput(NOTHING);
        return size;
    }

    /** Where the deflated octets are, until the next piece of any connection of the event loop. */
    byte[] output() {
        return pool.output();
    }

    /**
     * Gives the message up, of which nothing has been sent, because it does not get smaller. The peer's window does not know it, so
     * that what follows must not refer to it.
     */
    void abandon() {
        Deflater engine = deflater;
        if (engine != null) {
            if (keepsContext) {
                engine.reset();
            } else {
                end(engine);
            }
        }
    }

    private void end(Deflater engine) {
        if (!keepsContext) {
            deflater = null;
            pool.takeBack(engine);
        }
    }

    @Override
    public void close() {
        Deflater engine = deflater;
        if (engine != null && keepsContext) {
            engine.end();
        } else if (engine != null) {
            pool.takeBack(engine);
        }
        deflater = null;
    }
}
