package io.asyncgateway.blocking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.RequestException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class WorkerPoolTest {
    private static final WorkerPoolOptions SMALL =
            WorkerPoolOptions.defaults().withName("test").withThreads(2).withQueue(3);

    private static List<TestTask> submit(WorkerPool pool, int count, TestTask.Work work) {
        List<TestTask> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TestTask task = new TestTask(work);
            pool.submit(task);
            tasks.add(task);
        }
        return tasks;
    }

    private static void end(WorkerPool pool) {
        pool.shutdown(Duration.ZERO).block(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void runsAsManyAsThereAreThreadsKeepsAsManyAsTheQueueHasAndRefusesTheRestAtOnce(PoolKind kind) throws Exception {
        WorkerPool pool = kind.pool(SMALL);
        CountDownLatch gate = new CountDownLatch(1);
        List<TestTask> tasks = submit(pool, 7, gate::await);
        assertThat(tasks.subList(5, 7)).allSatisfy(task -> {
            assertThat(task.refusal.status()).isEqualTo(503);
            assertThat(task.refusal.headers()).isEqualTo(Headers.of("retry-after", "1"));
            assertThat(task.refusal).hasMessage("worker pool test: 2 threads and 3 waiting places are taken");
        });
        await().until(() -> pool.metrics().active() == 2);
        WorkerPoolMetrics busy = pool.metrics();
        assertThat(busy.queued()).isEqualTo(3);
        assertThat(pool.queue().size()).isEqualTo(3);
        assertThat(busy.rejected()).isEqualTo(2);
        assertThat(busy.threads()).isEqualTo(2);
        gate.countDown();
        for (TestTask task : tasks) {
            task.done.await();
        }
        assertThat(tasks.subList(0, 5)).allSatisfy(task -> {
            assertThat(task.runs).hasValue(1);
            assertThat(task.failure).isNull();
        });
        assertThat(pool.metrics().ran()).isEqualTo(5);
        assertThat(pool.metrics().active()).isZero();
        assertThat(pool.metrics().queued()).isZero();
        assertThat(pool.metrics().waited()).isPositive();
        assertThat(tasks).allSatisfy(task -> assertThat(task.ends).hasValue(1));
        end(pool);
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void resumedWorkIsNeverRefusedAndComesBeforeWhatWaitsToBegin(PoolKind kind) throws Exception {
        WorkerPool pool = kind.pool(SMALL.withThreads(1));
        CountDownLatch gate = new CountDownLatch(1);
        Queue<String> order = new ConcurrentLinkedQueue<>();
        submit(pool, 1, gate::await).get(0).begun.await();
        TestTask waiting = submit(pool, 3, () -> order.add("begun")).get(2);
        TestTask refused = submit(pool, 1, () -> order.add("too much")).get(0);
        List<TestTask> resumed = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            TestTask task = new TestTask(() -> order.add("resumed"));
            pool.resume(task);
            resumed.add(task);
        }
        assertThat(refused.refusal.status()).isEqualTo(503);
        assertThat(pool.metrics().queued()).isEqualTo(6);
        assertThat(pool.queue().size()).isEqualTo(6);
        gate.countDown();
        waiting.done.await();
        assertThat(order).containsExactly("resumed", "resumed", "resumed", "begun", "begun", "begun");
        assertThat(resumed).allSatisfy(task -> assertThat(task.refusal).isNull());
        end(pool);
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aShutdownWaitsForWhatIsResumedMeanwhile(PoolKind kind) throws Exception {
        WorkerPool pool = kind.pool(SMALL);
        CountDownLatch gate = new CountDownLatch(1);
        TestTask first = submit(pool, 1, gate::await).get(0);
        Mono<Void> end = pool.shutdown(Duration.ofSeconds(20)).cache();
        end.subscribe();
        TestTask resumed = new TestTask(gate::await);
        pool.resume(resumed);
        gate.countDown();
        end.block(Duration.ofSeconds(20));
        assertThat(first.isDone()).isTrue();
        assertThat(resumed.runs).hasValue(1);
        assertThat(resumed.failure).isNull();
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aShutdownWaitsUntilEachTaskWasToldOfItsEnd(PoolKind kind) throws Exception {
        WorkerPool pool = kind.pool(SMALL);
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        pool.submit(new WorkerTask() {
            @Override
            protected void run() {}

            @Override
            protected void ended(Throwable failure) {
                told.countDown();
                try {
                    gate.await();
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
            }
        });
        told.await();
        CompletableFuture<Void> end = pool.shutdown(Duration.ofSeconds(20)).toFuture();
        assertThat(end).isNotDone();
        gate.countDown();
        end.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void neverRefusesATaskWhileOneThatCameBeforeHasMadeRoomForIt(PoolKind kind) throws Exception {
        WorkerPool pool = kind.pool(SMALL.withQueue(0));
        int callers = 2;
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(callers);
        for (int caller = 0; caller < callers; caller++) {
            new Runnable() {
                int left = 2_000;

                @Override
                public void run() {
                    if (left-- == 0) {
                        all.countDown();
                        return;
                    }
                    pool.submit(new WorkerTask() {
                        @Override
                        protected void run() {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            running.decrementAndGet();
                        }

                        @Override
                        protected void rejected(RequestException refusal) {
                            refused.incrementAndGet();
                            all.countDown();
                        }

                        @Override
                        protected void ended(Throwable failure) {
                            again();
                        }
                    });
                }

                void again() {
                    run();
                }
            }.run();
        }
        all.await();
        assertThat(refused).hasValue(0);
        assertThat(most.get()).isLessThanOrEqualTo(2);
        end(pool);
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void losesNoTaskHoweverTheyCome(PoolKind kind) throws Exception {
        WorkerPool pool = kind.pool(SMALL.withThreads(4).withQueue(1_000_000).withIdleTimeout(Duration.ofMillis(1)));
        int each = kind == PoolKind.FRESH ? 2_000 : 20_000;
        CountDownLatch all = new CountDownLatch(3 * each);
        List<Thread> submitters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread submitter = new Thread(() -> {
                for (int n = 0; n < each; n++) {
                    pool.submit(all::countDown, refusal -> {});
                    if (ThreadLocalRandom.current().nextInt(50) == 0) {
                        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(2_000_000));
                    }
                }
            });
            submitter.start();
            submitters.add(submitter);
        }
        for (Thread submitter : submitters) {
            submitter.join();
        }
        all.await();
        await().untilAsserted(() -> assertThat(pool.metrics().active()).isZero());
        assertThat(pool.metrics().ran()).isEqualTo(3L * each);
        await().untilAsserted(() -> assertThat(pool.metrics().threads()).isZero());
        end(pool);
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aTaskThatIsCancelledWhileItWaitsMakesRoomAndNeverRuns(PoolKind kind) throws Exception {
        WorkerPool pool = kind.pool(SMALL);
        CountDownLatch gate = new CountDownLatch(1);
        List<TestTask> tasks = submit(pool, 5, gate::await);
        tasks.get(3).cancel();
        assertThat(tasks.get(3).failure).isInstanceOf(CancellationException.class);
        TestTask next = new TestTask(() -> {});
        pool.submit(next);
        assertThat(next.refusal).isNull();
        gate.countDown();
        next.done.await();
        assertThat(tasks.get(3).runs).hasValue(0);
        assertThat(tasks.get(3).ends).hasValue(1);
        end(pool);
    }

    @Test
    void manyThatAreCancelledWhileTheyWaitLeaveNothingInTheQueue() {
        WorkerPool pool = PoolKind.POOLED.pool(SMALL);
        List<TestTask> busy = submit(pool, 2, TestTask.sleeper()::run);
        await().until(() -> pool.metrics().active() == 2);
        for (int i = 0; i < 10_000; i++) {
            TestTask task = new TestTask(() -> {});
            pool.submit(task);
            task.cancel();
            assertThat(task.ends).hasValue(1);
        }
        assertThat(pool.queue().size()).isLessThan(100);
        assertThat(pool.metrics().queued()).isZero();
        busy.forEach(WorkerTask::cancel);
        end(pool);
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aTaskThatIsCancelledBeforeItIsHandedInEndsAtOnce(PoolKind kind) {
        WorkerPool pool = kind.pool(SMALL);
        TestTask task = new TestTask(() -> {});
        task.cancel();
        pool.submit(task);
        assertThat(task.failure).isInstanceOf(CancellationException.class);
        assertThat(task.runs).hasValue(0);
        assertThatThrownBy(() -> pool.submit(task)).isInstanceOf(IllegalStateException.class);
        end(pool);
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aTaskThatRunsIsInterruptedWhenItIsCancelled(PoolKind kind) throws Exception {
        WorkerPool pool = kind.pool(SMALL);
        TestTask task = TestTask.sleeper();
        pool.submit(task);
        task.begun.await();
        assertThat(task.isRunning()).isTrue();
        task.cancel();
        task.done.await();
        assertThat(task.failure).isInstanceOf(InterruptedException.class);
        assertThat(task.isRunning()).isFalse();
        end(pool);
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aTaskThatIsCancelledOnlyIfItWaitsIsNeverInterrupted(PoolKind kind) throws Exception {
        WorkerPool pool = kind.pool(SMALL.withThreads(1));
        CountDownLatch gate = new CountDownLatch(1);
        TestTask runs = new TestTask(gate::await);
        TestTask waits = new TestTask(() -> {});
        TestTask early = new TestTask(() -> {});
        pool.submit(runs);
        pool.submit(waits);
        runs.begun.await();
        List.of(runs, waits, early).forEach(WorkerTask::cancelIfWaiting);
        pool.submit(early);
        assertThat(runs.isInterrupted()).isFalse();
        assertThat(waits.failure).isInstanceOf(CancellationException.class);
        assertThat(early.failure).isInstanceOf(CancellationException.class);
        gate.countDown();
        runs.done.await();
        assertThat(runs.failure).isNull();
        assertThat(waits.runs).hasValue(0);
        assertThat(early.runs).hasValue(0);
        end(pool);
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void anInterruptNeverHitsTheTaskThatComesAfter(PoolKind kind) throws Exception {
        WorkerPool pool = kind.pool(SMALL.withThreads(1).withQueue(10));
        Queue<String> hit = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 3_000; i++) {
            TestTask victim = new TestTask(() -> {});
            TestTask after = new TestTask(() -> {
                if (Thread.currentThread().isInterrupted()) {
                    hit.add("interrupted at its beginning");
                }
                for (int n = 0; n < 20; n++) {
                    Thread.onSpinWait();
                }
                if (Thread.interrupted()) {
                    hit.add("interrupted in its middle");
                }
            });
            pool.submit(victim);
            pool.submit(after);
            if (i % 3 != 0) {
                victim.begun.await();
            }
            victim.cancel();
            after.done.await();
            victim.done.await();
        }
        assertThat(hit).isEmpty();
        end(pool);
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void nothingThatATaskDidToItsThreadIsSeenByTheNext(PoolKind kind) throws Exception {
        WorkerPool pool = kind.pool(SMALL.withThreads(1));
        ClassLoader own = pool.contextClassLoader();
        ThreadLocal<String> local = new ThreadLocal<>();
        InheritableThreadLocal<String> inheritable = new InheritableThreadLocal<>();
        inheritable.set("of the thread that submits");
        TestTask dirty = new TestTask(() -> {
            local.set("secret");
            inheritable.set("secret");
            Thread self = Thread.currentThread();
            self.setContextClassLoader(new URLClassLoader(new URL[0]));
            self.setName("renamed");
            if (kind != PoolKind.VIRTUAL) {
                self.setPriority(Thread.MIN_PRIORITY);
            }
            self.interrupt();
            throw new StackOverflowError("on purpose");
        });
        dirty.whenEnded(() -> Thread.currentThread().interrupt());
        TestTask next = new TestTask(() -> {
            Thread self = Thread.currentThread();
            assertThat(self.isInterrupted()).isFalse();
            assertThat(local.get()).isNull();
            assertThat(inheritable.get()).isNull();
            assertThat(self.getContextClassLoader()).isSameAs(own);
            assertThat(self.getName()).startsWith("test-");
            assertThat(self.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
            assertThat(self.isDaemon()).isTrue();
        });
        pool.submit(dirty);
        pool.submit(next);
        next.done.await();
        assertThat(dirty.failure).isInstanceOf(StackOverflowError.class);
        assertThat(next.failure).isNull();
        assertThat(next.ranOn == dirty.ranOn).isEqualTo(kind == PoolKind.POOLED);
        inheritable.remove();
        end(pool);
    }

    @Test
    void threadLocalsAreKeptWhereThatIsAskedFor() throws Exception {
        WorkerPool pool = PoolKind.POOLED.pool(SMALL.withThreads(1).withReuseThreadLocals(true));
        ThreadLocal<String> cache = new ThreadLocal<>();
        TestTask first = new TestTask(() -> cache.set("expensive"));
        TestTask second = new TestTask(() -> assertThat(cache.get()).isEqualTo("expensive"));
        pool.submit(first);
        pool.submit(second);
        second.done.await();
        assertThat(second.failure).isNull();
        end(pool);
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aTaskThatWaitsTooLongIsRefused(PoolKind kind) throws Exception {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        WorkerPool pool = kind.pool(SMALL.withThreads(1), time);
        TestTask busy = TestTask.sleeper();
        pool.submit(busy);
        busy.begun.await();
        time.advanceTimeBy(Duration.ofSeconds(10));
        TestTask first = new TestTask(() -> {});
        pool.submit(first);
        time.advanceTimeBy(Duration.ofSeconds(10));
        TestTask second = new TestTask(() -> {});
        pool.submit(second);
        time.advanceTimeBy(Duration.ofMillis(19_900));
        assertThat(first.isDone()).isFalse();
        time.advanceTimeBy(Duration.ofMillis(100));
        assertThat(first.refusal).hasMessage("worker pool test: no thread was free for PT30S");
        assertThat(second.isDone()).isFalse();
        time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(second.refusal.status()).isEqualTo(503);
        assertThat(pool.metrics().queued()).isZero();
        assertThat(pool.metrics().rejected()).isEqualTo(2);
        busy.cancel();
        busy.done.await();
        assertThat(first.runs).hasValue(0);
        end(pool, time);
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aTaskThatRunsTooLongIsToldAndInterrupted(PoolKind kind) throws Exception {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        WorkerPool pool = kind.pool(SMALL.withTaskDeadline(Duration.ofSeconds(5)), time);
        TestTask task = TestTask.sleeper();
        pool.submit(task);
        task.begun.await();
        await().until(() -> pool.metrics().active() == 1);
        time.advanceTimeBy(Duration.ofMillis(4_900));
        assertThat(task.deadlines).hasValue(0);
        time.advanceTimeBy(Duration.ofMillis(100));
        assertThat(task.deadlines).hasValue(1);
        task.done.await();
        assertThat(task.failure).isInstanceOf(InterruptedException.class);
        end(pool, time);
    }

    @Test
    void aSteadyStreamOfTasksSetsNoMoreTimersTheLongerItLasts() throws Exception {
        CountedTime time = new CountedTime();
        WorkerPool pool = PoolKind.POOLED.pool(SMALL.withTaskDeadline(Duration.ofSeconds(7)), time);
        int seconds = 700;
        for (int second = 0; second < seconds; second++) {
            TestTask task = new TestTask(() -> {});
            pool.submit(task);
            task.done.await();
            time.advanceTimeBy(Duration.ofSeconds(1));
        }
        // One for the queue and one for the deadline, and the next when they are over.
        assertThat(time.timers()).isLessThanOrEqualTo(2 * seconds / 7);
        pool.close();
        time.dispose();
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aListenerThatTakesItsTimeDoesNotHoldUpTheDeadlinesOfOthers(PoolKind kind) throws Exception {
        Scheduler timers = Schedulers.fromExecutorService(Executors.newScheduledThreadPool(2));
        WorkerPool pool = kind.pool(SMALL.withTaskDeadline(Duration.ofMillis(50)), timers);
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        TestTask slow = TestTask.sleeper().whenDeadlinePasses(() -> {
            told.countDown();
            go.await();
        });
        pool.submit(slow);
        told.await();
        TestTask other = TestTask.sleeper();
        pool.submit(other);
        assertThat(other.done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(slow.isDone()).isFalse();
        go.countDown();
        slow.done.await();
        end(pool);
        timers.dispose();
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aTaskThatIgnoresItsInterruptKeepsItsPlaceAndIsReportedOnceWithItsStack(PoolKind kind) throws Exception {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        try (Logged logged = new Logged()) {
            WorkerPool pool = kind.pool(SMALL.withThreads(1).withQueue(0), time);
            AtomicBoolean go = new AtomicBoolean();
            TestTask deaf = new TestTask(() -> hangOnPurpose(go));
            pool.submit(deaf);
            deaf.begun.await();
            await().until(() -> pool.metrics().active() == 1);
            deaf.cancel();
            assertThat(pool.metrics().stuck()).isEqualTo(1);
            TestTask other = new TestTask(() -> {});
            pool.submit(other);
            assertThat(other.refusal.status()).isEqualTo(503);
            time.advanceTimeBy(Duration.ofMillis(9_900));
            assertThat(logged.take()).isEmpty();
            time.advanceTimeBy(Duration.ofMillis(100));
            assertThat(logged.take())
                    .singleElement()
                    .asString()
                    .contains("worker pool test: test task was interrupted 10 s ago")
                    .contains("hangOnPurpose");
            time.advanceTimeBy(Duration.ofSeconds(100));
            assertThat(logged.take()).isEmpty();
            go.set(true);
            deaf.done.await();
            TestTask again = new TestTask(() -> {});
            pool.submit(again);
            again.done.await();
            assertThat(again.failure).isNull();
            assertThat(again.refusal).isNull();
            end(pool, time);
        }
    }

    private static void hangOnPurpose(AtomicBoolean go) {
        while (!go.get()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void end(WorkerPool pool, VirtualTimeScheduler time) {
        Mono<Void> end = pool.shutdown(Duration.ofSeconds(1)).cache();
        end.subscribe();
        time.advanceTimeBy(Duration.ofSeconds(3));
        end.block(Duration.ofSeconds(20));
        time.dispose();
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aShutdownLetsTasksEndAndRefusesNewOnes(PoolKind kind) throws Exception {
        WorkerPool pool = kind.pool(SMALL);
        CountDownLatch gate = new CountDownLatch(1);
        List<TestTask> tasks = submit(pool, 4, gate::await);
        CountDownLatch down = new CountDownLatch(1);
        pool.shutdown(Duration.ofSeconds(60)).subscribe(nothing -> {}, failure -> {}, down::countDown);
        TestTask late = new TestTask(() -> {});
        pool.submit(late);
        assertThat(late.refusal).hasMessage("worker pool test: is shut down");
        assertThat(down.getCount()).isEqualTo(1);
        gate.countDown();
        down.await();
        assertThat(tasks).allSatisfy(task -> assertThat(task.runs).hasValue(1));
        await().untilAsserted(() -> assertThat(pool.metrics().threads()).isZero());
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aShutdownInterruptsWhatHasNotEndedInTime(PoolKind kind) throws Exception {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        try (Logged logged = new Logged()) {
            WorkerPool pool = kind.pool(SMALL, time);
            AtomicBoolean go = new AtomicBoolean();
            TestTask deaf = new TestTask(() -> hangOnPurpose(go));
            TestTask good = TestTask.sleeper();
            TestTask waits = new TestTask(() -> {});
            pool.submit(deaf);
            pool.submit(good);
            pool.submit(waits);
            deaf.begun.await();
            good.begun.await();
            await().until(() -> pool.metrics().active() == 2);
            CountDownLatch down = new CountDownLatch(1);
            pool.shutdown(Duration.ofSeconds(5)).subscribe(nothing -> {}, failure -> {}, down::countDown);
            time.advanceTimeBy(Duration.ofSeconds(5));
            assertThat(waits.refusal).hasMessage("worker pool test: is shut down");
            good.done.await();
            assertThat(down.getCount()).isEqualTo(1);
            time.advanceTimeBy(Duration.ofSeconds(1));
            down.await();
            assertThat(logged.take()).singleElement().asString().contains("hangOnPurpose");
            go.set(true);
            deaf.done.await();
            time.dispose();
        }
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aPoolThatIsOpenedAgainWhileItDrainsLetsEveryTaskGoOn(PoolKind kind) throws Exception {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        WorkerPool pool = kind.pool(SMALL.withQueueTimeout(Duration.ZERO), time);
        pool.retain();
        TestTask old = TestTask.sleeper();
        pool.submit(old);
        old.begun.await();
        CompletableFuture<Void> end = pool.release().toFuture();
        assertThat(end).isNotDone();

        pool.retain();
        assertThat(end).isCompleted();
        TestTask young = TestTask.sleeper();
        TestTask waits = new TestTask(() -> {});
        pool.submit(young);
        pool.submit(waits);
        young.begun.await();
        time.advanceTimeBy(SMALL.drainTimeout().plusSeconds(10));
        assertThat(List.of(old, young, waits))
                .allSatisfy(task -> assertThat(task.ends).hasValue(0))
                .noneMatch(WorkerTask::isInterrupted);

        end = pool.release().toFuture();
        time.advanceTimeBy(SMALL.drainTimeout());
        assertThat(waits.refusal).hasMessage("worker pool test: is shut down");
        end.get(20, TimeUnit.SECONDS);
        assertThat(old.failure).isInstanceOf(InterruptedException.class);
        assertThat(young.failure).isInstanceOf(InterruptedException.class);
        time.dispose();
    }

    @Test
    void aBurstOfShortTasksDoesNotTakeAThreadForEach() throws Exception {
        int fewest = Integer.MAX_VALUE;
        for (int burst = 0; burst < 10; burst++) { // a machine that is busy elsewhere makes a task long now and then
            WorkerPool pool = PoolKind.POOLED.pool(SMALL.withThreads(32).withQueue(1000));
            CountDownLatch all = new CountDownLatch(500);
            for (int i = 0; i < 500; i++) {
                pool.submit(all::countDown, refusal -> {});
            }
            all.await();
            assertThat(pool.metrics().ran()).isEqualTo(500);
            fewest = Math.min(fewest, pool.metrics().threads());
            end(pool);
        }
        assertThat(fewest).isPositive().isLessThan(16);
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aBurstOfLongTasksTakesEveryThread(PoolKind kind) {
        WorkerPool pool = kind.pool(SMALL.withThreads(32).withQueue(1000));
        CountDownLatch gate = new CountDownLatch(1);
        submit(pool, 100, gate::await);
        await().until(() -> pool.metrics().active() == 32);
        gate.countDown();
        end(pool);
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aListenerThatFailsCostsNoThread(PoolKind kind) throws Exception {
        try (Logged logged = new Logged()) {
            WorkerPool pool = kind.pool(SMALL.withThreads(1));
            pool.submit(new WorkerTask() {
                @Override
                protected void run() {}

                @Override
                protected void ended(Throwable failure) {
                    throw new IllegalStateException("on purpose");
                }
            });
            TestTask next = new TestTask(() -> {});
            pool.submit(next);
            next.done.await();
            assertThat(next.runs).hasValue(1);
            assertThat(logged.take()).singleElement().asString().contains("on purpose");
            end(pool);
        }
    }

    @Test
    void noTaskIsLeftWaitingWhereNoThreadCanBeStarted() throws Exception {
        BiFunction<String, Runnable, Thread> none = (name, task) -> new Thread(task, name) {
            @Override
            public void start() {
                throw new OutOfMemoryError("on purpose");
            }
        };
        for (boolean pooled : new boolean[] {true, false}) {
            try (Logged logged = new Logged()) {
                WorkerPool pool = PoolKind.POOLED.pool(SMALL.withThreads(1));
                submit(pool, 1, TestTask.sleeper()::run).get(0).begun.await();
                List<TestTask> waiting = submit(pool, 3, () -> {});
                Workers workers = pooled ? new PooledWorkers(pool, true, none) : new FreshWorkers(pool, none);
                workers.taskQueued();
                assertThat(waiting).allSatisfy(task -> assertThat(task.refusal)
                        .hasMessage("worker pool test: no thread could be started"));
                assertThat(workers.threads()).isZero();
                assertThat(pool.metrics().queued()).isZero();
                assertThat(logged.take()).isNotEmpty().allMatch(line -> line.contains("can't start a thread"));
                end(pool);
            }
        }
    }

    @Test
    void aRunnableThatFailsIsLogged() {
        try (Logged logged = new Logged()) {
            WorkerPool pool = PoolKind.POOLED.pool(SMALL);
            pool.submit(
                    () -> {
                        throw new IllegalStateException("on purpose");
                    },
                    refusal -> {});
            await().until(() -> pool.metrics().ran() == 1 && pool.metrics().active() == 0);
            await().untilAsserted(() -> assertThat(logged.take()).anyMatch(line -> line.contains("on purpose")));
            end(pool);
        }
    }

    @Test
    void optionsOutsideTheirRangeAreRefused() {
        WorkerPoolOptions options = WorkerPoolOptions.defaults();
        assertThatThrownBy(() -> options.withThreads(0)).hasMessage("threads: 0 (expected: 1-1000000)");
        assertThatThrownBy(() -> options.withQueue(-1)).hasMessage("queue: -1 (expected: 0-1000000)");
        assertThatThrownBy(() -> options.withName(" ")).hasMessage("name: \" \" (expected: not blank)");
        assertThatThrownBy(() -> options.withQueueTimeout(Duration.ofSeconds(-1)))
                .hasMessage("queueTimeout: PT-1S (expected: zero or more)");
        assertThatThrownBy(() -> options.withStuckAfter(Duration.ZERO))
                .hasMessage("stuckAfter: PT0S (expected: more than zero)");
        if (!VirtualThreads.areSupported()) {
            assertThatThrownBy(() -> options.withVirtualThreads(true)).hasMessageContaining("expected: false on Java");
        }
    }

    @Test
    void theTestRunsWithThreadLocalsThatCanBeErased() {
        assertThat(ThreadLocals.canErase()).isTrue();
        assertThat(Schedulers.isInNonBlockingThread()).isFalse();
    }
}
