package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * What has come of the body of a request on a {@link MultiplexedStream} and was not handed over yet, because nobody asked for it. How much that may be, and what holds the peer back, is the
 * subclass's. Confined to its event loop.
 */
abstract class StreamInput {
    private static final byte[] NOTHING = {};
    private static final int SMALLEST = 512;

    private long declared = HeadEncoder.NO_LENGTH;
    private long size;

    private byte[] waiting = NOTHING;
    private int waitingSize;
    private Headers trailers = Headers.empty();
    private boolean last;
    private boolean demanded;

    // ------------------------------------------------------------------------------------------------ its length

    /** What content-length says; negative if there is none. */
    final void declare(long length) {
        declared = length;
    }

    /** Counts octets, whatever becomes of them. */
    final void count(int length) {
        size += length;
    }

    /** Octets of the body so far. */
    final long size() {
        return size;
    }

    /**
     * Whether this can't be the body that was declared.
     *
     * @param complete whether nothing more comes
     */
    final boolean isMisdeclared(boolean complete) {
        return declared >= 0 && (size > declared || complete && size < declared);
    }

    // ------------------------------------------------------------------------------------------------ what waits

    /** Reads exactly so many octets of what is given. */
    final void add(ByteBuf octets, int length) {
        if (demanded && waitingSize == 0 && length > 0) {
            waiting = new byte[length];
        } else if (waitingSize + length > waiting.length) {
            waiting = Arrays.copyOf(waiting, Math.max(waitingSize + length, Math.max(SMALLEST, 2 * waiting.length)));
        }
        octets.readBytes(waiting, waitingSize, length);
        waitingSize += length;
    }

    /** Trailers, which are handed over with the end of the body. */
    final void endWith(Headers fields) {
        trailers = fields;
    }

    /** Behind what waits nothing follows. */
    final void complete() {
        last = true;
    }

    final int waitingSize() {
        return waitingSize;
    }

    /** Whether behind what waits nothing follows; no longer once that was handed over. */
    final boolean isLast() {
        return last;
    }

    /** Whether there is something that can be asked for. */
    final boolean hasInput() {
        return waitingSize > 0 || last;
    }

    /** It is asked for. */
    final void ask() {
        demanded = true;
    }

    final boolean isDemanded() {
        return demanded;
    }

    /** Hands over everything that waits to whoever has asked for it. */
    final void handOver(MultiplexedStream stream) {
        byte[] octets = waiting;
        int length = waitingSize;
        boolean wasLast = last;
        forget();
        last = false;
        demanded = false;
        stream.received(octets, length, wasLast, wasLast ? trailers : Headers.empty());
    }

    /** Nobody will ask for what waits. */
    final void forget() {
        waiting = NOTHING;
        waitingSize = 0;
    }
}
