package io.asyncgateway.blocking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import io.asyncgateway.api.testing.LifespanDriver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class BlockingLifespanTest {
    private static final WorkerPoolOptions OPTIONS =
            WorkerPoolOptions.defaults().withName("test").withThreads(1).withQueue(1);

    /** Notes what is called, on which thread. */
    private static final class Noted implements BlockingApplication {
        final Queue<String> calls = new ConcurrentLinkedQueue<>();

        @Override
        public void start(Map<String, String> settings) throws Exception {
            calls.add("start " + settings + " on " + Thread.currentThread().getName());
            if (settings.containsKey("fail")) {
                throw new IllegalStateException("no database");
            }
        }

        @Override
        public BlockingResponse handle(BlockingRequest request) {
            return BlockingResponse.of(204);
        }

        @Override
        public void close() throws Exception {
            calls.add("close on " + Thread.currentThread().getName());
        }
    }

    private static LifespanDriver lifespan(Application application, Map<String, String> settings) {
        return ApplicationDriver.lifespan(application, LifespanScope.of(settings));
    }

    private static void expectServed(Application application) {
        try (HttpDriver driver = ApplicationDriver.get(application, "/")) {
            driver.expectStart(204);
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    @Test
    void startRunsOnThePoolAndCloseOnAThreadOfItsOwnAndThePoolEndsWithTheApplication() {
        Noted noted = new Noted();
        WorkerPool pool = WorkerPool.of(OPTIONS);
        Application application = Blocking.application(noted, pool);
        try (LifespanDriver driver = lifespan(application, Map.of("db", "x"))) {
            driver.startup();
            driver.expect(LifespanEvent.StartupComplete.class);
            expectServed(application);
            driver.shutdown();
            driver.expect(LifespanEvent.ShutdownComplete.class);
            driver.expectEnd();
        }
        assertThat(noted.calls).containsExactly("start {db=x} on test-1", "close on test-close");
        await().untilAsserted(() -> assertThat(pool.metrics().threads()).isZero());
        TestTask late = new TestTask(() -> {});
        pool.submit(late);
        assertThat(late.refusal).hasMessageContaining("is shut down");
    }

    @Test
    void aStartThatFailsIsTheServersStartThatFails() {
        Noted noted = new Noted();
        WorkerPool pool = WorkerPool.of(OPTIONS);
        try (LifespanDriver driver = lifespan(Blocking.application(noted, pool), Map.of("fail", "1"))) {
            driver.startup();
            assertThat(driver.expect(LifespanEvent.StartupFailed.class).message())
                    .isEqualTo("no database");
            driver.expectFailure(IllegalStateException.class);
        }
        assertThat(noted.calls).singleElement().asString().startsWith("start");
        assertThat(pool.isClosed()).isTrue();
    }

    @Test
    void aPoolOfTwoApplicationsEndsWithTheLastAndServesAgainWhenOneStarts() {
        WorkerPool pool = WorkerPool.of(OPTIONS);
        Application first = Blocking.application(new Noted(), pool);
        Application second = Blocking.application(new Noted(), pool);
        for (int round = 0; round < 2; round++) {
            try (LifespanDriver one = lifespan(first, Map.of());
                    LifespanDriver other = lifespan(second, Map.of())) {
                for (LifespanDriver driver : List.of(one, other)) {
                    driver.startup();
                    driver.expect(LifespanEvent.StartupComplete.class);
                }
                one.shutdown();
                one.expect(LifespanEvent.ShutdownComplete.class);
                one.expectEnd();
                expectServed(second);
                other.shutdown();
                other.expect(LifespanEvent.ShutdownComplete.class);
                other.expectEnd();
                assertThat(pool.isClosed()).isTrue();
            }
        }
    }

    @Test
    void aStartIsNotHeldToTheDeadlineOfTasks() throws Exception {
        WorkerPool pool = WorkerPool.of(OPTIONS.withThreads(2).withTaskDeadline(Duration.ofMillis(20)));
        CountDownLatch go = new CountDownLatch(1);
        BlockingApplication slow = new BlockingApplication() {
            @Override
            public void start(Map<String, String> settings) throws Exception {
                go.await();
            }

            @Override
            public BlockingResponse handle(BlockingRequest request) {
                return BlockingResponse.of(204);
            }
        };
        try (LifespanDriver driver = lifespan(Blocking.application(slow, pool), Map.of())) {
            driver.startup();
            driver.expectNothing();
            TestTask limited = TestTask.sleeper();
            pool.submit(limited);
            limited.done.await(); // its deadline has passed, and so would have that of the start
            go.countDown();
            driver.expect(LifespanEvent.StartupComplete.class);
            driver.shutdown();
            driver.expect(LifespanEvent.ShutdownComplete.class);
            driver.expectEnd();
        }
    }

    @Test
    void whatStillRunsAtTheEndIsInterruptedAfterTheDrainTimeout() throws Exception {
        WorkerPool pool = WorkerPool.of(OPTIONS.withThreads(2).withDrainTimeout(Duration.ofMillis(50)));
        try (LifespanDriver driver = lifespan(Blocking.application(new Noted(), pool), Map.of())) {
            driver.startup();
            driver.expect(LifespanEvent.StartupComplete.class);
            TestTask background = TestTask.sleeper();
            pool.submit(background);
            background.begun.await();
            driver.shutdown();
            driver.expect(LifespanEvent.ShutdownComplete.class);
            driver.expectEnd();
            background.done.await();
            assertThat(background.failure).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void anApplicationIsClosedWhateverHoldsTheThreads() throws Exception {
        WorkerPool pool = WorkerPool.of(OPTIONS.withQueue(0).withDrainTimeout(Duration.ofMillis(50)));
        Noted noted = new Noted();
        AtomicBoolean go = new AtomicBoolean();
        try (Logged logged = new Logged();
                LifespanDriver driver = lifespan(Blocking.application(noted, pool), Map.of())) {
            driver.startup();
            driver.expect(LifespanEvent.StartupComplete.class);
            TestTask deaf = new TestTask(() -> {
                while (!go.get()) {
                    LockSupport.parkNanos(1_000_000);
                }
            });
            pool.submit(deaf);
            deaf.begun.await();
            driver.shutdown();
            driver.expect(LifespanEvent.ShutdownComplete.class);
            driver.expectEnd();
            assertThat(noted.calls).contains("close on test-close");
            assertThat(logged.take()).singleElement().asString().contains("test task was interrupted");
            go.set(true);
            deaf.done.await();
        }
    }

    @Test
    void aStartOrACloseThatTheServerGivesUpIsInterruptedAndLeavesThePool() throws Exception {
        for (boolean whileItStarts : new boolean[] {true, false}) {
            WorkerPool pool = WorkerPool.of(OPTIONS);
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            BlockingApplication hangs = new BlockingApplication() {
                @Override
                public void start(Map<String, String> settings) throws Exception {
                    if (whileItStarts) {
                        hang();
                    }
                }

                @Override
                public BlockingResponse handle(BlockingRequest request) {
                    return BlockingResponse.of(204);
                }

                @Override
                public void close() throws Exception {
                    hang();
                }

                private void hang() throws InterruptedException {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                }
            };
            try (LifespanDriver driver = lifespan(Blocking.application(hangs, pool), Map.of())) {
                driver.startup();
                if (!whileItStarts) {
                    driver.expect(LifespanEvent.StartupComplete.class);
                    driver.shutdown();
                }
                begun.await();
                driver.cancel();
                interrupted.await();
                driver.expectEnd();
            }
            await().until(pool::isClosed);
            await().untilAsserted(() -> assertThat(pool.metrics().threads()).isZero());
        }
    }
}
