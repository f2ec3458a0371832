package io.asyncgateway.servlet;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.blockhound.integration.BlockHoundIntegration;

/** Remembers what has blocked a thread that must not, where somebody may have swallowed its failure; the call fails, as it does by default. */
public final class BlockingCalls implements BlockHoundIntegration {
    private static final Queue<Throwable> SEEN = new ConcurrentLinkedQueue<>();

    @Override
    public void applyTo(BlockHound.Builder builder) {
        // The one lock of Netty's allocator that its own integration forgets.
        builder.allowBlockingCallsInside(
                "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines");
        builder.blockingMethodCallback(method -> {
            BlockingOperationError error = new BlockingOperationError(method);
            SEEN.add(error);
            throw error;
        });
    }

    /** What was seen since the last call. */
    static List<Throwable> take() {
        List<Throwable> taken = List.copyOf(SEEN);
        SEEN.removeAll(taken);
        return taken;
    }
}
