package io.asyncgateway.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedWriterTest {
    private final AtomicLong nanoTime = new AtomicLong();
    private final Recorder sink = new Recorder();

    @Test
    void elementsAreWrittenInTheirOrder() {
        BoundedWriter<Integer> writer = writer(100_000);
        List<Integer> elements = IntStream.range(0, 5000).boxed().toList();

        elements.forEach(writer::offer);
        writer.close();

        assertThat(sink.written).isEqualTo(elements);
        assertThat(sink.losses).isEmpty();
    }

    @Test
    void elementsOfManyThreadsAreAllWritten() throws Exception {
        BoundedWriter<Integer> writer = writer(100_000);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> IntStream.range(0, 5000).forEach(writer::offer));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        writer.close();

        assertThat(sink.written).hasSize(20_000);
    }

    @Test
    void anElementIsWrittenSoonWithoutBeingFollowedByAnother() {
        try (BoundedWriter<Integer> writer = writer(10)) {
            writer.offer(1);
            await().until(() -> sink.written.equals(List.of(1)));
            writer.offer(2);
            await().until(() -> sink.written.equals(List.of(1, 2)));
        }
    }

    @Test
    void aWriterThatHasFallenAsleepIsWoken() {
        try (BoundedWriter<Integer> writer = writer(10)) {
            await().until(() -> thread().getState() == Thread.State.WAITING);
            writer.offer(1);
            await().until(() -> sink.written.equals(List.of(1)));
        }
    }

    @Test
    void whatDoesNotFitIsDroppedAndCounted() throws Exception {
        BoundedWriter<Integer> writer = writer(10);
        sink.hold();
        writer.offer(0);
        sink.held.await();
        // One is with the sink, so the queue is empty.
        for (int i = 1; i <= 25; i++) {
            assertThat(writer.offer(i)).isEqualTo(i <= 10);
        }
        sink.release();
        writer.close();

        assertThat(sink.written).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(sink.losses).last().satisfies(losses -> {
            assertThat(losses.dropped()).isEqualTo(15);
            assertThat(losses.unwritten()).isZero();
            assertThat(losses.end()).isTrue();
        });
    }

    @Test
    void lossesAreToldOfAtOnceThenOnceInAnIntervalAndAtTheEnd() throws Exception {
        BoundedWriter<Integer> writer = writer(1);
        loseOne(writer);
        await().until(() -> sink.dropped().equals(List.of(1L)));

        loseOne(writer);
        loseOne(writer);
        // The interval has not passed. The writer has gone round since: it has written what came after.
        writer.offer(99);
        await().until(() -> sink.written.contains(99));
        assertThat(sink.dropped()).containsExactly(1L);

        nanoTime.addAndGet(BoundedWriter.REPORT_INTERVAL.toNanos());
        await().until(() -> sink.dropped().equals(List.of(1L, 2L)));

        writer.close();
        assertThat(sink.dropped()).containsExactly(1L, 2L, 3L);
        assertThat(sink.losses).extracting(BoundedWriter.Losses::end).containsExactly(false, false, true);
    }

    @Test
    void aFailingWriteLosesItsBatchAndNoMore() {
        BoundedWriter<Integer> writer = writer(100);
        sink.failure = new IOException("disk full");
        writer.offer(1);
        await().until(() -> !sink.losses.isEmpty());
        sink.failure = null;
        writer.offer(2);
        writer.close();

        assertThat(sink.written).containsExactly(2);
        assertThat(sink.losses).last().satisfies(losses -> {
            assertThat(losses.unwritten()).isEqualTo(1);
            assertThat(losses.dropped()).isZero();
            assertThat(losses.cause()).hasMessage("disk full");
        });
    }

    @Test
    void anElementThatCantBePreparedIsLostAlone() {
        BoundedWriter<Integer> writer = writer(100);
        writer.offer(1);
        writer.offer(-1);
        writer.offer(2);
        writer.close();

        assertThat(sink.written).containsExactly(1, 2);
        assertThat(sink.losses)
                .extracting(BoundedWriter.Losses::unwritten)
                .last()
                .isEqualTo(1L);
    }

    @Test
    void whatComesAfterTheEndIsRefused() {
        BoundedWriter<Integer> writer = writer(100);
        writer.close();

        assertThat(writer.offer(1)).isFalse();
    }

    @Test
    void anInterruptDoesNotEndIt() {
        try (BoundedWriter<Integer> writer = writer(100)) {
            thread().interrupt();
            writer.offer(1);
            await().until(() -> sink.written.equals(List.of(1)));
        }
    }

    private void loseOne(BoundedWriter<Integer> writer) throws InterruptedException {
        sink.hold();
        writer.offer(0);
        sink.held.await();
        writer.offer(1);
        writer.offer(2);
        sink.release();
        await().until(() -> sink.idle());
    }

    private BoundedWriter<Integer> writer(int capacity) {
        return new BoundedWriter<>("bounded-writer-test", capacity, sink, nanoTime::get, BoundedWriter.CLOSE_TIMEOUT)
                .start();
    }

    private static Thread thread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("bounded-writer-test"))
                .findFirst()
                .orElseThrow();
    }

    private static final class Recorder implements BoundedWriter.Sink<Integer> {
        final List<Integer> written = new CopyOnWriteArrayList<>();
        final List<BoundedWriter.Losses> losses = new CopyOnWriteArrayList<>();
        private final List<Integer> added = new ArrayList<>();
        private final Semaphore gate = new Semaphore(1);
        volatile CountDownLatch held = new CountDownLatch(0);
        volatile IOException failure;
        private volatile boolean holding;

        void hold() {
            held = new CountDownLatch(1);
            gate.acquireUninterruptibly();
            holding = true;
        }

        void release() {
            holding = false;
            gate.release();
        }

        boolean idle() {
            return gate.availablePermits() == 1 && added.isEmpty();
        }

        List<Long> dropped() {
            return losses.stream().map(BoundedWriter.Losses::dropped).toList();
        }

        @Override
        public void add(Integer element) {
            if (element < 0) {
                throw new IllegalStateException("negative");
            }
            if (holding) {
                held.countDown();
                gate.acquireUninterruptibly();
                gate.release();
            }
            added.add(element);
        }

        @Override
        public void flush() throws IOException {
            IOException now = failure;
            if (now != null) {
                added.clear();
                throw now;
            }
            written.addAll(added);
            added.clear();
        }

        @Override
        public void lost(BoundedWriter.Losses lost) {
            losses.add(lost);
        }
    }
}
