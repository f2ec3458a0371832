package io.asyncgateway.testsupport;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The buffers of Netty's in this process that were collected as garbage without having been released. For any thread. */
public final class LostBuffers {
    /** More of them say nothing new. */
    private static final int MOST = 10_000;

    private static final BlockingQueue<String> LOST = new LinkedBlockingQueue<>(MOST);

    private LostBuffers() {}

    /** Begins, with every buffer unless {@code io.netty.leakDetection.level} says otherwise; to be called before any class of Netty's makes its detector. */
    public static void watch() {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
        if (System.getProperty("io.netty.leakDetection.level") == null) {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        }
    }

    /** What was lost until the last collection of garbage, each with who touched it, and was not taken before. */
    public static List<String> take() {
        // Netty looks for what was collected when it tracks another buffer; of the pool that is in use, for another
        // would add its first chunk to the heap.
        PooledByteBufAllocator.DEFAULT.directBuffer().release();
        List<String> taken = new ArrayList<>();
        LOST.drainTo(taken);
        return taken;
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
            LOST.offer(type + records);
        }

        @Override
        protected void reportUntracedLeak(String type) {
            LOST.offer(type);
        }
    }
}
