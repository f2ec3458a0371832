package io.asyncgateway.api.testing;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.WebSocketEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongFunction;

/** Sends much more than may be on its way to a peer that does not read. */
final class Torrent {
    static final int PART = 64 * 1024;

    private final long bound;
    private long sent;

    Torrent(Bench bench) {
        bound = bench.boundOnBytesUnderway() + 2 * PART;
    }

    /** The bytes of all events so far, the outstanding one among them. */
    long sent() {
        return sent;
    }

    /** A body event of the pattern at an offset, as a step. */
    LongFunction<Step<Void>> part(Actor actor) {
        return offset -> actor.sending(HttpEvent.ResponseBody.more(ByteBuffer.wrap(Payloads.pattern(offset, PART))));
    }

    /** A message of the pattern at an offset, as a step. */
    LongFunction<Step<Void>> message(Actor actor) {
        return offset -> actor.sending(WebSocketEvent.Send.binary(ByteBuffer.wrap(Payloads.pattern(offset, PART))));
    }

    /** Sends until an event does not complete while nobody reads; fails where there is no such bound. */
    Step<Void> untilOutstanding(LongFunction<Step<Void>> sender) {
        while (true) {
            Step<Void> step = sender.apply(sent);
            sent += PART;
            if (step.isOutstanding()) {
                return step;
            }
            step.await();
            if (sent > bound) {
                throw new AssertionError(
                        "send completed for " + sent + " bytes that nobody read (expected: at most " + bound + ")");
            }
        }
    }

    /** Reads that many bytes and compares them with the pattern. */
    void assertReceived(ConformanceClient.Exchange exchange, long bytes) throws IOException {
        byte[] part = new byte[PART];
        for (long offset = 0; offset < bytes; ) {
            int count = exchange.read(part);
            if (count < 0) {
                throw new AssertionError("the body ended after " + offset + " bytes (expected: " + bytes + ")");
            }
            assertPattern(part, count, offset);
            offset += count;
        }
    }

    static void assertPattern(byte[] part, int count, long offset) {
        for (int i = 0; i < count; i++) {
            if (part[i] != Payloads.patternAt(offset + i)) {
                throw new AssertionError("byte " + (offset + i) + ": " + part[i] + " (expected: "
                        + Payloads.patternAt(offset + i) + ", as sent)");
            }
        }
    }
}
