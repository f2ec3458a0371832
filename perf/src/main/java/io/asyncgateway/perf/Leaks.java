package io.asyncgateway.perf;

import io.asyncgateway.testsupport.LostBuffers;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the buffers of this process that were collected without having been released, and writes each to standard error. */
final class Leaks {
    private static final AtomicInteger FOUND = new AtomicInteger();

    private Leaks() {}

    /** Begins; to be called before any class of Netty's makes its detector. */
    static void watch() {
        LostBuffers.watch();
    }

    /** How many were found until the last collection of garbage. */
    static int found() {
        List<String> lost = LostBuffers.take();
        lost.forEach(buffer -> System.err.println("leak: " + buffer));
        return FOUND.addAndGet(lost.size());
    }
}
