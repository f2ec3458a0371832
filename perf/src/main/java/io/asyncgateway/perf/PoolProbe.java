package io.asyncgateway.perf;

import io.asyncgateway.blocking.BlockingApplication;
import io.asyncgateway.blocking.BlockingRequest;
import io.asyncgateway.blocking.BlockingResponse;
import io.asyncgateway.blocking.WorkerPool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A blocking application that watches its pool: {@code /plaintext}; {@code /wait}, 50 ms; {@code /upload}, which reads all of the body; {@code /download}, 1 GiB.
 */
final class PoolProbe implements BlockingApplication {
    static final int WAIT_MILLIS = 50;
    static final long GIBIBYTE = 1L << 30;

    private static final byte[] CHUNK = new byte[64 * 1024];
    private static final BlockingResponse PLAINTEXT = BlockingResponse.text("Hello, World!");

    private final WorkerPool pool;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();
    private final AtomicInteger mostQueued = new AtomicInteger();

    /** Goes up with each request that comes or goes. */
    private final AtomicLong moves = new AtomicLong();

    /** Bytes that have gone through a stream. */
    private final AtomicLong moved = new AtomicLong();

    /** When a stream last failed, by {@link System#nanoTime()}, which is one clock for all processes on Linux. */
    private final AtomicLong failedAt = new AtomicLong();

    PoolProbe(WorkerPool pool) {
        this.pool = pool;
    }

    /** The most that ran, the most that waited, tasks refused, bytes moved, when a stream failed, and how many run now. */
    String figures() {
        return mostRunning + " " + mostQueued + " " + pool.metrics().rejected() + " " + moved + " " + failedAt + " "
                + running;
    }

    @Override
    public BlockingResponse handle(BlockingRequest request) throws Exception {
        return switch (request.localPath()) {
            case "/plaintext" -> PLAINTEXT;
            case "/wait" -> waited();
            case "/upload" -> upload(request.body());
            case "/download" -> BlockingResponse.of(200).body(this::download);
            default -> BlockingResponse.text(404, "not found\n");
        };
    }

    private BlockingResponse waited() throws InterruptedException {
        moves.incrementAndGet();
        mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            Thread.sleep(WAIT_MILLIS);
            lookAtQueue();
        } finally {
            running.decrementAndGet();
            moves.incrementAndGet();
        }
        return PLAINTEXT;
    }

    /** Counts only while every thread is in here and none comes or goes: what is in the queue then has no thread that is on its way to it. */
    private void lookAtQueue() {
        long before = moves.get();
        if (running.get() < pool.options().threads()) {
            return;
        }
        int queued = pool.metrics().queued();
        if (moves.get() == before) {
            mostQueued.accumulateAndGet(queued, Math::max);
        }
    }

    private BlockingResponse upload(InputStream body) throws IOException {
        running.incrementAndGet();
        try {
            byte[] part = new byte[CHUNK.length];
            long bytes = 0;
            for (int count = body.read(part); count >= 0; count = body.read(part)) {
                bytes += count;
                moved.addAndGet(count);
            }
            return BlockingResponse.text(Long.toString(bytes));
        } catch (IOException failure) {
            failedAt.set(System.nanoTime());
            throw failure;
        } finally {
            running.decrementAndGet();
        }
    }

    private void download(OutputStream out) throws IOException {
        running.incrementAndGet();
        try {
            for (long left = GIBIBYTE; left > 0; left -= CHUNK.length) {
                out.write(CHUNK);
                moved.addAndGet(CHUNK.length);
            }
        } catch (IOException failure) {
            failedAt.set(System.nanoTime());
            throw failure;
        } finally {
            running.decrementAndGet();
        }
    }
}
