package io.asyncgateway.cli.log;

import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes elements from any thread without ever blocking it, and writes them on one daemon thread. It holds a bounded number of elements; what
 * does not fit, or could not be written, is lost and counted.
 *
 * <p>Offering an element is a few compare-and-sets. To wake a thread is a system call, so the writer is woken only from a long sleep
 * and when the queue is half full; otherwise it looks by itself every {@link #PAUSE}, which also makes one write of many elements.
 */
final class BoundedWriter<E> implements AutoCloseable {
    /** How long an element may lie before it is written. */
    static final Duration PAUSE = Duration.ofMillis(10);

    /** How often losses are told of. */
    static final Duration REPORT_INTERVAL = Duration.ofMinutes(1);

    /** How long the end waits for what is still queued. */
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private static final int BATCH = 512;
    private static final int PAUSES_BEFORE_SLEEP = 100;

    /** Where elements go. Called on the writer's thread alone. */
    interface Sink<E> {
        /** Prepares an element. */
        void add(E element);

        /** Writes what was added since the last call. */
        void flush() throws IOException;

        /** Is told of losses: at once of the first, then once in each {@link #REPORT_INTERVAL}, and at the end. */
        void lost(Losses losses);
    }

    /**
     * What was lost.
     *
     * @param dropped elements that found the queue full since the last report; at the end, in total
     * @param unwritten elements that could not be written, likewise
     * @param cause why the last of those could not be written
     * @param end whether this is the end
     */
    record Losses(long dropped, long unwritten, @Nullable Exception cause, boolean end) {}

    private final Queue<E> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int capacity;
    private final LongAdder dropped = new LongAdder();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final Sink<E> sink;
    private final LongSupplier nanoTime;
    private final Thread thread;
    private final Duration closeTimeout;
    private volatile boolean closed;
    private volatile int inHand;

    // Of the writer's thread alone.
    private long unwritten;
    private @Nullable Exception cause;
    private long reportedDropped;
    private long reportedUnwritten;
    private long lastReport;

    BoundedWriter(String name, int capacity, Sink<E> sink, LongSupplier nanoTime, Duration closeTimeout) {
        this.capacity = capacity;
        this.sink = sink;
        this.nanoTime = nanoTime;
        this.closeTimeout = closeTimeout;
        this.lastReport = nanoTime.getAsLong() - REPORT_INTERVAL.toNanos();
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        // The application's loader is none of this thread's business.
        thread.setContextClassLoader(BoundedWriter.class.getClassLoader());
    }

    BoundedWriter<E> start() {
        thread.start();
        return this;
    }

    /** Queues an element, or counts it as dropped. Never blocks. */
    boolean offer(E element) {
        int before = size.getAndIncrement();
        if (before >= capacity || closed) {
            size.decrementAndGet();
            dropped.increment();
            return false;
        }
        queue.add(element);
        if (before == capacity / 2 || (asleep.get() && asleep.compareAndSet(true, false))) {
            LockSupport.unpark(thread);
        }
        return true;
    }

    private void run() {
        int pauses = 0;
        while (true) {
            boolean closing = closed;
            int written = drain();
            report(closing);
            if (closing) {
                return;
            }
            pauses = written > 0 ? 0 : pauses + 1;
            if (pauses <= PAUSES_BEFORE_SLEEP || unreported()) {
                LockSupport.parkNanos(this, PAUSE.toNanos());
            } else {
                sleep();
                pauses = 0;
            }
            // An interrupt is not for this thread, and would turn the pauses into a busy loop.
            Thread.interrupted();
        }
    }

    private void sleep() {
        asleep.set(true);
        if (queue.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        asleep.set(false);
    }

    /** Writes until the queue is empty, a batch at a time. */
    private int drain() {
        int total = 0;
        int batch;
        do {
            batch = 0;
            E element;
            while (batch < BATCH && (element = queue.poll()) != null) {
                size.decrementAndGet();
                batch++;
                add(element);
            }
            flush(batch);
            total += batch;
        } while (batch == BATCH);
        return total;
    }

    private void add(E element) {
        try {
            sink.add(element);
        } catch (RuntimeException e) {
            unwritten++;
            cause = e;
        }
    }

    private void flush(int batch) {
        if (batch > 0) {
            inHand = batch;
            try {
                sink.flush();
            } catch (IOException | RuntimeException e) {
                unwritten += batch;
                cause = e;
            }
            inHand = 0;
        }
    }

    private boolean unreported() {
        return dropped.sum() > reportedDropped || unwritten > reportedUnwritten;
    }

    private void report(boolean end) {
        long droppedNow = dropped.sum();
        long now = nanoTime.getAsLong();
        if (end ? droppedNow + unwritten > 0 : unreported() && now - lastReport >= REPORT_INTERVAL.toNanos()) {
            sink.lost(new Losses(
                    end ? droppedNow : droppedNow - reportedDropped,
                    end ? unwritten : unwritten - reportedUnwritten,
                    cause,
                    end));
            reportedDropped = droppedNow;
            reportedUnwritten = unwritten;
            lastReport = now;
        }
    }

    /** Writes what is queued, and ends. What comes later, or can't be written within 5 s, is lost. */
    @Override
    public void close() {
        end();
    }

    /**
     * Does what {@link #close()} does.
     *
     * @return how many elements are lost without a report, because the sink does not come back from a write; 0 in all other cases
     */
    long end() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(closeTimeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return thread.isAlive() ? dropped.sum() + size.get() + inHand : 0;
    }
}
