package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import io.asyncgateway.blocking.WorkerPool;
import io.asyncgateway.blocking.WorkerPoolOptions;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.junit.jupiter.api.Test;

/** A peer that leaves, a deadline that passes, a pool that is full. */
class DisconnectTest {
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

    private Throwable failure() throws InterruptedException {
        Throwable failure = failures.poll(20, TimeUnit.SECONDS);
        assertThat(failure).isNotNull();
        return failure;
    }

    @Test
    void aBlockedReadIsWokenByTheDisconnect() throws Exception {
        Gate gate = new Gate();
        try (Deployed app = Deployed.of((request, response) -> {
                    gate.pass();
                    try {
                        request.getInputStream().readAllBytes();
                    } catch (IOException gone) {
                        failures.add(gone);
                        throw gone;
                    }
                });
                HttpDriver driver =
                        app.request(HttpScope.builder().method("POST").header("content-length", "9"))) {
            driver.part("one");
            gate.awaitArrival();
            gate.open();
            driver.expectPull();
            driver.disconnect();
            assertThat(failure()).isInstanceOf(IOException.class);
            driver.expectFailure(Exception.class);
        }
    }

    @Test
    void aBlockedWriteIsWokenByTheDisconnect() throws Exception {
        try (Deployed app = Deployed.of((request, response) -> {
                    try {
                        byte[] bytes = new byte[100_000];
                        while (true) {
                            response.getOutputStream().write(bytes);
                        }
                    } catch (IOException gone) {
                        failures.add(gone);
                        throw gone;
                    }
                });
                HttpDriver driver = app.request(HttpScope.builder())) {
            driver.hold();
            driver.noBody();
            driver.expectStart(200);
            driver.expect(HttpEvent.ResponseBody.class);
            driver.disconnect();
            assertThat(failure()).isInstanceOf(IOException.class);
            driver.expectFailure(Exception.class);
        }
    }

    @Test
    void aWriteThatWaitsBehindTheOneInFlightIsWokenToo() throws Exception {
        Gate gate = new Gate();
        AtomicReference<Thread> worker = new AtomicReference<>();
        try (Deployed app = Deployed.of((request, response) -> {
                    worker.set(Thread.currentThread());
                    response.getOutputStream().print("one");
                    response.flushBuffer();
                    gate.pass();
                    try {
                        response.getOutputStream().print("two");
                        response.flushBuffer();
                        response.getOutputStream().print("three");
                        response.flushBuffer();
                    } catch (IOException gone) {
                        failures.add(gone);
                    }
                });
                HttpDriver driver = app.request(HttpScope.builder())) {
            driver.hold();
            driver.noBody();
            driver.expectStart(200);
            driver.expectPart("one");
            gate.awaitArrival();
            gate.open();
            await().until(() -> worker.get().getState() == Thread.State.WAITING); // in its write of "two"
            driver.disconnect();
            assertThat(failure()).isInstanceOf(IOException.class);
            driver.expectFailure(Exception.class);
        }
    }

    @Test
    void aDisconnectIsNoticedWithAnUnreadBody() throws Exception {
        Gate gate = new Gate();
        try (Deployed app = Deployed.of((request, response) -> {
                    gate.pass();
                    try {
                        response.getOutputStream().print("one");
                        response.flushBuffer();
                        response.getOutputStream().print("two");
                        response.flushBuffer();
                    } catch (IOException gone) {
                        failures.add(gone);
                    }
                });
                HttpDriver driver =
                        app.request(HttpScope.builder().method("POST").header("content-length", "9"))) {
            driver.part("one");
            gate.awaitArrival();
            driver.disconnect();
            gate.open();
            assertThat(failure()).isInstanceOf(IOException.class);
            driver.expectFailure(Exception.class);
        }
    }

    /** Waits without a limit of time for what its listener is told. */
    private void endWithItsError(AsyncContext async) {
        async.setTimeout(0);
        async.addListener(new Listener() {
            @Override
            public void onError(AsyncEvent event) {
                failures.add(event.getThrowable());
                event.getAsyncContext().complete();
            }
        });
    }

    @Test
    void anAsynchronousRequestIsToldByItsListener() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        try (Deployed app = Deployed.of((request, response) -> {
                    endWithItsError(request.startAsync());
                    started.countDown(); // so that the peer may be gone before the servlet has returned
                });
                HttpDriver driver = app.request(HttpScope.builder())) {
            driver.noBody();
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            driver.disconnect();
            assertThat(failure()).isInstanceOf(IOException.class);
            driver.expectFailure(Exception.class);
        }
    }

    @Test
    void theDeadlineWakesABlockedRead() throws Exception {
        try (Deployed app = Deployed.of((request, response) -> {
                    try {
                        request.getInputStream().readAllBytes();
                    } catch (IOException late) {
                        failures.add(late);
                        throw late;
                    }
                });
                HttpDriver driver =
                        app.request(HttpScope.builder().method("POST").header("content-length", "9"))) {
            driver.part("one");
            driver.expectPull();
            driver.passDeadline();
            assertThat(failure()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aRequestWhosePeerHasLeftBeforeAWorkerWasFreeIsNotRun() throws Exception {
        WorkerPool pool = pool(1, 10);
        Gate gate = new Gate();
        List<String> ran = new ArrayList<>();
        try (Deployed app = Deployed.of(on(pool, (request, response) -> {
                    ran.add(request.getRequestURI());
                    if (request.getRequestURI().equals("/first")) {
                        gate.pass();
                    }
                }));
                HttpDriver first = app.request(HttpScope.builder().target("/first"));
                HttpDriver second = app.request(HttpScope.builder().target("/second"));
                HttpDriver third = app.request(HttpScope.builder().target("/third"))) {
            first.noBody();
            gate.awaitArrival();
            second.noBody();
            third.noBody();
            await().until(() -> pool.metrics().queued() == 2);
            second.disconnect();
            second.expectFailure(Exception.class);
            assertThat(pool.metrics().queued()).as("its place is another's now").isEqualTo(1);
            gate.open();
            assertThat(first.expectResponse().status()).isEqualTo(200);
            assertThat(third.expectResponse().status()).isEqualTo(200);
            assertThat(ran).containsExactly("/first", "/third");
        }
        end(pool);
    }

    @Test
    void aFullPoolRefusesAtOnceWithRetryAfter() throws Exception {
        WorkerPool pool = pool(1, 0);
        Gate gate = new Gate();
        try (Deployed app = Deployed.of(on(pool, (request, response) -> gate.pass()));
                HttpDriver first = app.request(HttpScope.builder());
                HttpDriver second = app.request(HttpScope.builder())) {
            first.noBody();
            gate.awaitArrival();
            second.noBody();
            RequestException refusal = second.expectFailure(RequestException.class);
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.headers().first("retry-after")).isEqualTo("1");
            gate.open();
            assertThat(first.expectResponse().status()).isEqualTo(200);
        }
        end(pool);
    }

    @Test
    void readsAndWritesGoOnWhileEveryWorkerIsBlockedInOne() throws Exception {
        WorkerPool pool = pool(2, 0);
        CountDownLatch reading = new CountDownLatch(2);
        try (Deployed app = Deployed.of(on(pool, (request, response) -> {
                    reading.countDown();
                    response.getOutputStream().write(request.getInputStream().readAllBytes());
                }));
                HttpDriver first =
                        app.request(HttpScope.builder().method("POST").header("content-length", "6"));
                HttpDriver second =
                        app.request(HttpScope.builder().method("POST").header("content-length", "6"))) {
            first.part("one");
            second.part("abc");
            assertThat(reading.await(20, TimeUnit.SECONDS)).isTrue();
            first.expectPull();
            second.expectPull();
            second.lastPart("def");
            assertThat(second.expectResponse().text()).isEqualTo("abcdef");
            first.lastPart("two");
            assertThat(first.expectResponse().text()).isEqualTo("onetwo");
        }
        end(pool);
    }

    @Test
    void anAsynchronousAnswerFindsAWorkerInAFullPool() throws Exception {
        WorkerPool pool = pool(1, 0);
        Gate gate = new Gate();
        BlockingQueue<AsyncContext> waiting = new LinkedBlockingQueue<>();
        try (Deployed app = Deployed.of(on(pool, (request, response) -> {
                    if (request.getRequestURI().equals("/async")) {
                        waiting.add(request.startAsync());
                    } else {
                        gate.pass();
                    }
                }));
                HttpDriver async = app.request(HttpScope.builder().target("/async"));
                HttpDriver blocking = app.request(HttpScope.builder().target("/blocking"))) {
            async.noBody();
            AsyncContext context = waiting.poll(20, TimeUnit.SECONDS);
            await().until(() -> pool.metrics().active() == 0);
            blocking.noBody();
            gate.awaitArrival();
            context.getResponse().getWriter().print("late");
            context.complete();
            gate.open();
            assertThat(async.expectResponse().text()).isEqualTo("late");
            assertThat(blocking.expectResponse().status()).isEqualTo(200);
        }
        end(pool);
    }

    @Test
    void aRequestThatRunsLongerThanThePoolLetsItIs504() throws Exception {
        WorkerPool pool = WorkerPool.of(WorkerPoolOptions.defaults()
                .withName("deadline")
                .withReuseThreadLocals(true)
                .withTaskDeadline(Duration.ofMillis(50)));
        try (Deployed app = Deployed.of(on(pool, (request, response) -> new CountDownLatch(1).await()));
                HttpDriver driver = app.request(HttpScope.builder())) {
            driver.noBody();
            assertThat(driver.expectFailure(RequestException.class).status()).isEqualTo(504);
        }
        end(pool);
    }

    @Test
    void aPeerThatHasLeftIsToldOnceToTheListenersHoweverLongNoWorkerHasTime() throws Exception {
        WorkerPool pool = pool(1, 10);
        Gate gate = new Gate();
        ManualTimer timer = new ManualTimer();
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(holder((request, response) -> endWithItsError(request.startAsync())), "/async");
        context.addServlet(holder((request, response) -> gate.pass()), "/blocking");
        Engine engine = new Engine(context, pool, ServletOptions.defaults(), 0, timer);
        engine.start("", Map.of());
        Application application = Applications.builder()
                .http((scope, receive, send) -> new Exchange(engine, scope, receive, send))
                .build();
        try (HttpDriver async =
                        ApplicationDriver.http(application, HttpScope.builder().target("/async"));
                HttpDriver blocking =
                        ApplicationDriver.http(application, HttpScope.builder().target("/blocking"))) {
            async.timeout(Duration.ofSeconds(20));
            blocking.timeout(Duration.ofSeconds(20));
            async.noBody();
            await().until(() -> pool.metrics().ran() == 1 && pool.metrics().active() == 0);
            blocking.noBody();
            gate.awaitArrival();
            async.disconnect();
            await().until(() -> timer.waiting() == 1);
            for (int second = 0; second < 5; second++) {
                timer.fire();
                assertThat(timer.waiting()).isEqualTo(1);
            }
            assertThat(pool.metrics().queued()).isEqualTo(1);
            blocking.disconnect(); // nobody listens for this
            await().until(() -> timer.waiting() == 2);
            timer.fire();
            assertThat(pool.metrics().queued()).isEqualTo(1);
            gate.open();
            assertThat(failure()).isInstanceOf(IOException.class);
            async.expectFailure(Exception.class);
            blocking.expectFailure(Exception.class);
        } finally {
            engine.stop();
        }
        end(pool);
    }

    private static ServletHolder holder(TestServlet.Work work) {
        ServletHolder holder = new ServletHolder(new TestServlet(work));
        holder.setAsyncSupported(true);
        return holder;
    }

    private static ServletApplication on(WorkerPool pool, TestServlet.Work work) {
        return ServletApplication.builder()
                .servlet(new TestServlet(work))
                .pool(pool)
                .build();
    }

    private static WorkerPool pool(int threads, int queue) {
        return WorkerPool.of(WorkerPoolOptions.defaults()
                .withName("test")
                .withReuseThreadLocals(true)
                .withThreads(threads)
                .withQueue(queue));
    }

    /** Nothing may be left on it. */
    private static void end(WorkerPool pool) {
        await().untilAsserted(() -> {
            assertThat(pool.metrics().active()).isZero();
            assertThat(pool.metrics().queued()).isZero();
        });
        pool.close();
    }

    private abstract static class Listener implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
