package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.testing.HttpDriver;
import io.asyncgateway.blocking.WorkerPool;
import io.asyncgateway.blocking.WorkerPoolOptions;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that go on after the servlet has returned. */
class AsyncTest {
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

    @Test
    void aReadListenerIsToldOfEachPartAndOfTheEnd() {
        try (Deployed app = Deployed.of((request, response) -> {
                    AsyncContext async = request.startAsync();
                    request.getInputStream().setReadListener(new Echo(async, request.getInputStream()));
                });
                HttpDriver driver =
                        app.request(HttpScope.builder().method("POST").header("transfer-encoding", "chunked"))) {
            driver.part("one ");
            driver.expectPull();
            driver.part("two ");
            driver.lastPart("three");
            assertThat(driver.expectResponse().text()).isEqualTo("one two three");
            driver.expectEnd();
        }
    }

    @Test
    void aReadListenerIsToldThatTheClientHasLeft() throws Exception {
        try (Deployed app = Deployed.of((request, response) -> {
                    AsyncContext async = request.startAsync();
                    request.getInputStream().setReadListener(new Echo(async, request.getInputStream()));
                });
                HttpDriver driver =
                        app.request(HttpScope.builder().method("POST").header("content-length", "9"))) {
            driver.part("one");
            driver.expectPull();
            driver.disconnect();
            assertThat(failures.poll(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            driver.expectFailure(Exception.class);
        }
    }

    @Test
    void aWriteListenerWritesAsTheTransportTakesMore() {
        try (Deployed app = Deployed.of((request, response) -> {
                    AsyncContext async = request.startAsync();
                    response.getOutputStream().setWriteListener(new Parts(async, response.getOutputStream(), 100));
                });
                HttpDriver driver = app.request(HttpScope.builder())) {
            driver.noBody();
            assertThat(driver.expectResponse().body().remaining()).isEqualTo(100 * 10_000);
            driver.expectEnd();
        }
    }

    @Test
    void aWriteListenerIsToldThatTheClientHasLeft() throws Exception {
        try (Deployed app = Deployed.of((request, response) -> {
                    AsyncContext async = request.startAsync();
                    response.getOutputStream()
                            .setWriteListener(new Parts(async, response.getOutputStream(), 1_000_000));
                });
                HttpDriver driver = app.request(HttpScope.builder())) {
            driver.hold();
            driver.noBody();
            driver.expectStart(200);
            driver.expect(HttpEvent.ResponseBody.class);
            driver.disconnect();
            assertThat(failures.poll(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            driver.expectFailure(Exception.class);
        }
    }

    @Test
    void anAsynchronousRequestThatTakesTooLongIsToldAndAnswered() {
        try (Deployed app = Deployed.of((request, response) -> {
            AsyncContext async = request.startAsync();
            async.setTimeout(20);
            async.addListener(
                    new Told() {
                        @Override
                        public void onTimeout(AsyncEvent event) throws IOException {
                            event.getSuppliedResponse().getWriter().print("too late");
                            event.getAsyncContext().complete();
                        }
                    },
                    request,
                    response);
        })) {
            assertThat(app.answer("/").text()).isEqualTo("too late");
        }
    }

    @Test
    void withoutAListenerATimeoutIs500() {
        try (Deployed app =
                Deployed.of((request, response) -> request.startAsync().setTimeout(20))) {
            assertThat(app.answer("/").status()).isEqualTo(500);
        }
    }

    @Test
    void aDispatchComesBackToTheServlet() {
        try (Deployed app = Deployed.of((request, response) -> {
            if (request.getAttribute("answer") == null) {
                AsyncContext async = request.startAsync();
                async.start(() -> {
                    request.setAttribute("answer", "dispatched");
                    async.dispatch();
                });
            } else {
                response.getWriter().print(told(request));
            }
        })) {
            assertThat(app.answer("/path").text()).isEqualTo("dispatched ASYNC /path");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dispatch", "start", "read"})
    void whatGoesOnForLongerThanThePoolLetsItIs504(String kind) throws Exception {
        WorkerPool pool = WorkerPool.of(WorkerPoolOptions.defaults()
                .withName("deadline")
                .withReuseThreadLocals(true)
                .withTaskDeadline(Duration.ofSeconds(1)));
        CountDownLatch goesOn = new CountDownLatch(1);
        Runnable tooLong = () -> {
            goesOn.countDown();
            assertThatThrownBy(() -> new CountDownLatch(1).await()).isInstanceOf(InterruptedException.class);
        };
        TestServlet servlet = new TestServlet((request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                tooLong.run();
                return;
            }
            AsyncContext async = request.startAsync();
            switch (request.getRequestURI()) {
                case "/dispatch" -> async.start(async::dispatch);
                case "/start" -> async.start(tooLong);
                case "/read" -> request.getInputStream().setReadListener(new Slow(tooLong));
                default -> async.complete();
            }
        });
        ServletApplication application =
                ServletApplication.builder().servlet(servlet).pool(pool).build();
        try (Deployed app = Deployed.of(application)) {
            assertThat(app.answer("/").status()).isEqualTo(200);
            try (HttpDriver driver = app.request(
                    HttpScope.builder().method("POST").target("/" + kind).header("content-length", "3"))) {
                driver.lastPart("one");
                assertThat(driver.expectFailure(RequestException.class).status())
                        .isEqualTo(504);
                assertThat(goesOn.getCount()).isZero();
            }
        }
    }

    private static String told(HttpServletRequest request) {
        return request.getAttribute("answer") + " " + request.getDispatcherType() + " " + request.getRequestURI();
    }

    /** Answers with what it has read. */
    private final class Echo implements ReadListener {
        private final AsyncContext async;
        private final ServletInputStream in;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Echo(AsyncContext async, ServletInputStream in) {
            this.async = async;
            this.in = in;
        }

        @Override
        public void onDataAvailable() throws IOException {
            byte[] buffer = new byte[3];
            while (in.isReady() && !in.isFinished()) {
                int read = in.read(buffer);
                if (read > 0) {
                    body.write(buffer, 0, read);
                }
            }
        }

        @Override
        public void onAllDataRead() throws IOException {
            async.getResponse().getOutputStream().write(body.toByteArray());
            async.complete();
        }

        @Override
        public void onError(Throwable failure) {
            failures.add(failure);
            async.complete();
        }
    }

    /** Does something else when it could read. */
    private record Slow(Runnable work) implements ReadListener {
        @Override
        public void onDataAvailable() {
            work.run();
        }

        @Override
        public void onAllDataRead() {}

        @Override
        public void onError(Throwable failure) {}
    }

    /** Writes parts of 10,000 bytes. */
    private final class Parts implements WriteListener {
        private final AsyncContext async;
        private final ServletOutputStream out;
        private int left;

        Parts(AsyncContext async, ServletOutputStream out, int left) {
            this.async = async;
            this.out = out;
            this.left = left;
        }

        @Override
        public void onWritePossible() throws IOException {
            while (left > 0 && out.isReady()) {
                left--;
                out.write(new byte[10_000]);
            }
            if (left == 0 && out.isReady()) {
                async.complete();
            }
        }

        @Override
        public void onError(Throwable failure) {
            failures.add(failure);
            async.complete();
        }
    }

    /** Does nothing, but for what a test adds. */
    private static class Told implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
