package io.asyncgateway.server;

/**
 * What became of the numbers of streams that an HTTP/2 peer has used, where they are not open (RFC 9113 section 5.1). Of those that the server itself has reset the latest are remembered,
 * because what the peer sent before it knew is to be ignored. Confined to its event loop.
 *
 * <pre>
 *   number                                      is
 *   higher than the last, or even               idle
 *   opened when no more were taken              closed, and ignored
 *   reset here lately                           closed, and ignored
 *   left out by the peer                        closed, and never was open
 *   any other                                   closed
 * </pre>
 */
final class Http2StreamNumbers {
    private static final int REMEMBERED = 256;

    private int last;

    /** From here on to the last no stream was left out by the peer. */
    private int unbroken = 1;

    private int lastTaken = Integer.MAX_VALUE;
    private int[] reset = {};
    private int resets;

    /** The highest stream that the peer has opened and that was taken, which a GOAWAY names. */
    int lastTaken() {
        return Math.min(last, lastTaken);
    }

    /** The peer opens a stream that was idle; {@code false} if it is not taken. */
    boolean open(int streamId) {
        if (streamId != (last == 0 ? 1 : last + 2)) {
            unbroken = streamId;
        }
        last = streamId;
        return streamId <= lastTaken;
    }

    /** Streams that the peer opens from now on are ignored: it was told, and may ask for the same elsewhere. */
    void takeNoMore() {
        lastTaken = last;
    }

    /** The server has reset a stream. */
    void reset(int streamId) {
        if (reset.length == 0) {
            reset = new int[REMEMBERED];
        }
        reset[resets % REMEMBERED] = streamId;
        resets = resets + 1 == 2 * REMEMBERED ? REMEMBERED : resets + 1;
    }

    boolean isIdle(int streamId) {
        return streamId > last || (streamId & 1) == 0;
    }

    boolean wasLeftOut(int streamId) {
        return streamId < unbroken;
    }

    /** Whether what still comes means nothing. */
    boolean isIgnored(int streamId) {
        if (streamId > lastTaken) {
            return true;
        }
        for (int i = 0, count = Math.min(resets, REMEMBERED); i < count; i++) {
            if (reset[i] == streamId) {
                return true;
            }
        }
        return false;
    }
}
