package io.asyncgateway.server;

import java.util.ArrayDeque;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Compressors and decompressors of one event loop, for connections without context takeover, and arrays for the use of all. Confined to the
 * loop's thread.
 *
 * <p>Few are kept idle, because most are lent for a part of one turn of the loop: only a message whose frames come or go in several turns
 * keeps one for longer. Decompressors are never refused; a message that lasts keeps its own, 40 KiB, beside its content. Compressors
 * are, being 256 KiB: past {@value #MAX_LENT_DEFLATERS} at once a message goes uncompressed.
 */
final class PerMessageDeflatePool {
    static final int MAX_IDLE = 4;
    static final int MAX_LENT_DEFLATERS = 16;

    /** Compressed input is unmasked here, piece by piece. */
    private static final int INPUT_BYTES = 8 * 1024;

    private final Supplier<Inflater> newInflater;
    private final Supplier<Deflater> newDeflater;
    private final ArrayDeque<Inflater> idleInflaters = new ArrayDeque<>(MAX_IDLE);
    private final ArrayDeque<Deflater> idleDeflaters = new ArrayDeque<>(MAX_IDLE);
    private byte @Nullable [] input;
    private byte @Nullable [] output;
    private int lentDeflaters;
    private boolean closed;

    PerMessageDeflatePool(Supplier<Inflater> newInflater, Supplier<Deflater> newDeflater) {
        this.newInflater = newInflater;
        this.newDeflater = newDeflater;
    }

    /** A new one that the caller owns and ends. */
    Inflater newInflater() {
        return newInflater.get();
    }

    /** A new one that the caller owns and ends. */
    Deflater newDeflater() {
        return newDeflater.get();
    }

    Inflater lendInflater() {
        Inflater idle = idleInflaters.pollLast();
        return idle != null ? idle : newInflater();
    }

    void takeBack(Inflater inflater) {
        if (closed || idleInflaters.size() == MAX_IDLE) {
            inflater.end();
        } else {
            inflater.reset();
            idleInflaters.addLast(inflater);
        }
    }

    /** Returns null where too many are lent. */
    @Nullable
    Deflater lendDeflater() {
        if (lentDeflaters == MAX_LENT_DEFLATERS) {
            return null;
        }
        lentDeflaters++;
        Deflater idle = idleDeflaters.pollLast();
        return idle != null ? idle : newDeflater();
    }

    void takeBack(Deflater deflater) {
        lentDeflaters--;
        if (closed || idleDeflaters.size() == MAX_IDLE) {
            deflater.end();
        } else {
            deflater.reset();
            idleDeflaters.addLast(deflater);
        }
    }

    byte[] input() {
        byte[] array = input;
        if (array == null) {
            array = new byte[INPUT_BYTES];
            input = array;
        }
        return array;
    }

    byte[] output() {
        byte[] array = output;
        if (array == null) {
            array = new byte[PerMessageDeflateWriter.MAX_OUTPUT];
            output = array;
        }
        return array;
    }

    /** Ends what is idle; what is lent is ended when it comes back. */
    void close() {
        closed = true;
        idleInflaters.forEach(Inflater::end);
        idleInflaters.clear();
        idleDeflaters.forEach(Deflater::end);
        idleDeflaters.clear();
    }
}
