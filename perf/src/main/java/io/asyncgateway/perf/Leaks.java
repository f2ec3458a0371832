package io.asyncgateway.perf;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the buffers of this process that were collected without having been released, and writes each to standard error. */
final class Leaks {
    private static final AtomicInteger FOUND = new AtomicInteger();

    private Leaks() {}

    /** Begins; to be called before any class of Netty's makes its detector. */
    static void watch() {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    /** How many were found until the last collection of garbage. */
    static int found() {
        // Netty looks for what was collected when it tracks another buffer; of the pool that is in use, for another
        // would add its first chunk to the heap.
        PooledByteBufAllocator.DEFAULT.directBuffer().release();
        return FOUND.get();
    }

    private static void found(String leak) {
        FOUND.incrementAndGet();
        System.err.println("leak: " + leak);
    }

    private static final class Factory extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // abstract, so it must be there
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> type, int samplingInterval, long maxActive) {
            return newResourceLeakDetector(type, samplingInterval);
        }

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int samplingInterval) {
            return new Detector<>(type, samplingInterval);
        }
    }

    private static final class Detector<T> extends ResourceLeakDetector<T> {
        Detector(Class<T> type, int samplingInterval) {
            super(type, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String type, String records) {
            found(type + records);
        }

        @Override
        protected void reportUntracedLeak(String type) {
            found(type);
        }
    }
}
