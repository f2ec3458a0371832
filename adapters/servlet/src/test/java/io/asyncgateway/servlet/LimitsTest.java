package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.testing.HttpDriver;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.annotation.MultipartConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bounds of {@link ServletOptions}. */
class LimitsTest {
    private static final ServletOptions DEFAULTS = ServletOptions.defaults();

    private static Deployed with(ServletOptions options, TestServlet servlet) {
        return Deployed.of(
                ServletApplication.builder().servlet(servlet).options(options).build());
    }

    @Test
    void pastTheNumberOfSessionsARequestThatNeedsANewOneIs503() {
        TestServlet servlet = new TestServlet((request, response) ->
                response.getWriter().print(request.getSession().isNew()));
        try (Deployed app = with(DEFAULTS.withMaxSessions(1), servlet)) {
            HttpDriver.Response first = app.answer("/");
            assertThat(first.text()).isEqualTo("true");
            assertThat(app.answer("/").status()).isEqualTo(503);
            String cookie = String.valueOf(first.headers().first("set-cookie"));
            assertThat(app.answer(HttpScope.builder().header("cookie", cookie.substring(0, cookie.indexOf(';'))))
                            .text())
                    .isEqualTo("false");
        }
    }

    @Test
    void aSessionHasTheTimeout() {
        TestServlet servlet = new TestServlet((request, response) ->
                response.getWriter().print(request.getSession().getMaxInactiveInterval()));
        try (Deployed app = with(DEFAULTS.withSessionTimeout(Duration.ofMinutes(7)), servlet)) {
            assertThat(app.answer("/").text()).isEqualTo("420");
        }
    }

    @ParameterizedTest
    @CsvSource({"'',420", "<session-config><session-timeout>9</session-timeout></session-config>,540"})
    void aSessionOfAWarHasTheTimeoutUnlessTheWarSaysItsOwn(String config, String seconds, @TempDir Path directory)
            throws Exception {
        Path war = WarFile.in(directory)
                .compiled("Timeout", """
                        @jakarta.servlet.annotation.WebServlet("/*")
                        public class Timeout extends jakarta.servlet.http.HttpServlet {
                            protected void doGet(jakarta.servlet.http.HttpServletRequest request,
                                    jakarta.servlet.http.HttpServletResponse response) throws java.io.IOException {
                                response.getWriter().print(request.getSession().getMaxInactiveInterval());
                            }
                        }
                        """)
                .descriptor(config)
                .write();
        ServletApplication application = ServletApplication.builder()
                .war(war)
                .options(DEFAULTS.withSessionTimeout(Duration.ofMinutes(7)))
                .build();
        try (Deployed app = Deployed.of(application)) {
            assertThat(app.answer("/").text()).isEqualTo(seconds);
        }
    }

    @Test
    void aFormThatIsTooLongIs400() {
        TestServlet servlet =
                new TestServlet((request, response) -> response.getWriter().print(request.getParameter("name")));
        try (Deployed app = with(DEFAULTS.withMaxFormSize(10), servlet)) {
            assertThat(form(app, "name=Ann").text()).isEqualTo("Ann");
            assertThat(form(app, "name=Maximilian").status()).isEqualTo(400);
        }
    }

    private static HttpDriver.Response form(Deployed app, String body) {
        try (HttpDriver driver = app.request(HttpScope.builder()
                .method("POST")
                .header("content-type", "application/x-www-form-urlencoded")
                .header("content-length", String.valueOf(body.length())))) {
            driver.lastPart(body);
            return driver.expectResponse();
        }
    }

    @Test
    void aMultipartBodyThatIsTooLongIs400() {
        try (Deployed app = with(DEFAULTS.withMaxMultipartSize(300), new Upload())) {
            assertThat(upload(app, 10).text()).isEqualTo("10");
            assertThat(upload(app, 1000).status()).isEqualTo(400);
        }
    }

    private static HttpDriver.Response upload(Deployed app, int size) {
        String body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n" + "x".repeat(size)
                + "\r\n--b--\r\n";
        try (HttpDriver driver = app.request(HttpScope.builder()
                .method("POST")
                .header("content-type", "multipart/form-data; boundary=b")
                .header("content-length", String.valueOf(body.length())))) {
            driver.lastPart(body);
            return driver.expectResponse();
        }
    }

    @Test
    void pastTheNumberOfTasksAStartFailsAndADispatchDoesNot() throws Exception {
        Gate gate = new Gate();
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        TestServlet servlet = new TestServlet((request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                response.getWriter().print("dispatched");
                return;
            }
            AsyncContext async = request.startAsync();
            async.start(() -> {
                pass(gate);
                async.dispatch(); // goes on in one more task, while this one still runs
                pass(gate);
            });
            try {
                async.start(async::complete);
            } catch (RejectedExecutionException refused) {
                refusal.set(refused);
            }
        });
        try (Deployed app = with(DEFAULTS.withMaxAsyncTasks(1), servlet);
                HttpDriver driver = app.request(HttpScope.builder())) {
            driver.noBody();
            gate.awaitArrival();
            gate.open();
            assertThat(driver.expectResponse().text()).isEqualTo("dispatched");
            assertThat(refusal.get())
                    .hasMessage(
                            "AsyncContext.start: 1 tasks wait or run (expected: fewer; ServletOptions.maxAsyncTasks)");
            gate.open();
        }
    }

    private static void pass(Gate gate) {
        try {
            gate.pass();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void valuesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> DEFAULTS.withSessionTimeout(Duration.ZERO))
                .hasMessage("sessionTimeout: PT0S (expected: 1 s to 68 years)");
        assertThatThrownBy(() -> DEFAULTS.withMaxSessions(0)).hasMessage("maxSessions: 0 (expected: 1 or more)");
        assertThatThrownBy(() -> DEFAULTS.withMaxFormSize(-1)).hasMessage("maxFormSize: -1 (expected: 0 or more)");
        assertThatThrownBy(() -> DEFAULTS.withMaxMultipartSize(-1))
                .hasMessage("maxMultipartSize: -1 (expected: 0 or more)");
        assertThatThrownBy(() -> DEFAULTS.withMaxAsyncTasks(0)).hasMessage("maxAsyncTasks: 0 (expected: 1 or more)");
    }

    @MultipartConfig
    private static final class Upload extends TestServlet {
        private static final long serialVersionUID = 1L;

        Upload() {
            super((request, response) ->
                    response.getWriter().print(request.getPart("file").getSize()));
        }
    }
}
