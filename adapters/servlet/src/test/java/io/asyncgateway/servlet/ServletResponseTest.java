package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.HttpVersion;
import io.asyncgateway.api.testing.HttpDriver;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What becomes of what a servlet answers. */
class ServletResponseTest {

    @Test
    void aShortResponseIsOneStartAndOneLastPartWithItsLength() {
        try (Deployed app = Deployed.of((request, response) -> {
                    response.setStatus(201);
                    response.setContentType("text/plain;charset=UTF-8");
                    response.addHeader("X-One", "1");
                    response.addHeader("x-one", "2");
                    response.getWriter().print("grün");
                });
                HttpDriver driver = app.get("/")) {
            HttpEvent.ResponseStart start = driver.expectStart(201);
            assertThat(start.headers().all("x-one")).containsExactly("1", "2");
            assertThat(start.headers().first("content-length")).isEqualTo("5");
            assertThat(start.headers().first("content-type")).isEqualToIgnoringCase("text/plain;charset=UTF-8");
            assertThat(start.headers().contains("server")).isFalse();
            assertThat(start.headers().contains("date")).isFalse();
            driver.expectLastPart("grün");
            driver.expectEnd();
        }
    }

    @Test
    void flushSendsWhatThereIsAndTheRestFollows() {
        try (Deployed app = Deployed.of((request, response) -> {
                    response.flushBuffer();
                    response.getOutputStream().print("one");
                    response.getOutputStream().flush();
                    response.getOutputStream().print("two");
                });
                HttpDriver driver = app.get("/")) {
            assertThat(driver.expectStart(200).headers().contains("content-length"))
                    .isFalse();
            driver.expectPart("");
            driver.expectPart("one");
            driver.expectLastPart("two");
            driver.expectEnd();
        }
    }

    @Test
    void aWriterWaitsForTheTransportWithOneSendInFlightAndOneWriteBehindIt() throws Exception {
        Gate gate = new Gate();
        AtomicReference<Thread> worker = new AtomicReference<>();
        try (Deployed app = Deployed.of((request, response) -> {
                    worker.set(Thread.currentThread());
                    byte[] bytes = new byte[32 * 1024];
                    for (int i = 0; i < 3; i++) {
                        response.getOutputStream().write(bytes);
                        response.getOutputStream().flush();
                        gate.pass();
                    }
                });
                HttpDriver driver = app.request(HttpScope.builder())) {
            driver.hold();
            driver.noBody();
            gate.awaitArrival(); // the first write is in flight, and copied
            driver.expectStart(200);
            driver.expect(HttpEvent.ResponseBody.class);
            driver.releaseOne();
            gate.open();
            driver.expect(HttpEvent.ResponseBody.class);
            gate.awaitArrival(); // the second too
            gate.open();
            await().until(() -> worker.get().getState() == Thread.State.WAITING); // in its third write
            driver.expectNothing();
            driver.releaseOne();
            driver.expect(HttpEvent.ResponseBody.class); // the third was behind the second, and is not copied
            assertThat(gate.hasArrival()).as("the third is taken").isFalse();
            driver.releaseOne();
            gate.awaitArrival();
            driver.release();
            gate.open();
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    @Test
    void aBufferIsNotReusedBeforeTheTransportHasTakenIt() {
        try (Deployed app = Deployed.of((request, response) -> {
                    byte[] bytes = new byte[20_000];
                    for (int i = 0; i < 50; i++) {
                        Arrays.fill(bytes, (byte) ('a' + i % 26));
                        response.getOutputStream().write(bytes);
                    }
                });
                HttpDriver driver = app.get("/")) {
            // The driver fails a send whose buffer changes while it is outstanding.
            String text = driver.expectResponse().text();
            assertThat(text).hasSize(1_000_000);
            for (int i = 0; i < 50; i++) {
                String written = String.valueOf((char) ('a' + i % 26)).repeat(20_000);
                assertThat(text.regionMatches(i * 20_000, written, 0, 20_000))
                        .as("write " + i)
                        .isTrue();
            }
            driver.expectEnd();
        }
    }

    @Test
    void anAnswerToHeadHasItsLengthAndNoBody() {
        try (Deployed app = Deployed.of((request, response) -> {
                    response.setContentLength(5);
                    response.getWriter().print("hello");
                });
                HttpDriver driver = app.request(HttpScope.builder().method("HEAD"))) {
            driver.noBody();
            assertThat(driver.expectStart(200).headers().first("content-length"))
                    .isEqualTo("5");
            driver.expect(HttpEvent.ResponseBody.class);
            driver.expectEnd();
        }
    }

    @Test
    void trailersFollowTheBody() {
        try (Deployed app = Deployed.of((request, response) -> {
            response.setTrailerFields(() -> Map.of("x-sum", "42"));
            response.getWriter().print("data");
        })) {
            HttpDriver.Response chunked = app.answer("/");
            assertThat(chunked.trailers()).isEqualTo(Headers.of("x-sum", "42"));
            assertThat(chunked.headers().contains("content-length")).isFalse();
            assertThat(chunked.text()).isEqualTo("data");
        }
    }

    @Test
    void anHttp10ClientGetsNoTrailers() {
        try (Deployed app = Deployed.of((request, response) -> {
            try {
                response.setTrailerFields(() -> Map.of("x-sum", "42"));
            } catch (IllegalStateException refused) {
                response.getWriter().print("none");
            }
        })) {
            HttpDriver.Response old = app.answer(HttpScope.builder().httpVersion(HttpVersion.HTTP_1_0));
            assertThat(old.text()).isEqualTo("none");
            assertThat(old.trailers()).isEqualTo(Headers.empty());
        }
    }

    @Test
    void earlyHintsComeBeforeTheResponse() {
        try (Deployed app = Deployed.of((request, response) -> {
                    response.addHeader("Link", "</style.css>; rel=preload; as=style");
                    response.sendError(103);
                    response.getWriter().print("page");
                });
                HttpDriver driver = app.get("/")) {
            HttpEvent.EarlyHints hints = driver.expect(HttpEvent.EarlyHints.class);
            assertThat(hints.headers().first("link")).isEqualTo("</style.css>; rel=preload; as=style");
            driver.expectStart(200);
            driver.expectLastPart("page");
            driver.expectEnd();
        }
    }

    @Test
    void otherInterimResponsesAreLeftOut() {
        try (Deployed app = Deployed.of((request, response) -> {
            response.sendError(102);
            response.getWriter().print("page");
        })) {
            assertThat(app.answer("/").text()).isEqualTo("page");
        }
    }

    @Test
    void sendErrorIsAPageOfItsStatusAndMessage() {
        try (Deployed app = Deployed.of((request, response) -> response.sendError(404, "no such <order>"))) {
            HttpDriver.Response page = app.answer("/orders/7");
            assertThat(page.status()).isEqualTo(404);
            assertThat(page.text()).contains("no such &lt;order&gt;").doesNotContainIgnoringCase("jetty");
            HttpDriver.Response json =
                    app.answer(HttpScope.builder().target("/orders/7").header("accept", "application/json"));
            assertThat(json.headers().first("content-type")).startsWith("application/json");
            assertThat(json.text()).contains("\"status\":\"404\"");
        }
    }

    @Test
    void anExceptionIs500AndNothingOfItIsShown() {
        try (Deployed app = Deployed.of((request, response) -> {
            throw new IllegalStateException("password=secret");
        })) {
            HttpDriver.Response page = app.answer("/");
            assertThat(page.status()).isEqualTo(500);
            assertThat(page.text()).contains("500").doesNotContain("secret", "IllegalState", "\tat ", "TestServlet");
        }
    }

    @Test
    void exceptionsAreShownWhereTheOptionsSaySo() {
        ServletApplication application = ServletApplication.builder()
                .servlet(new TestServlet((request, response) -> {
                    throw new IllegalStateException("no database");
                }))
                .options(ServletOptions.defaults().withErrorDetails(true))
                .build();
        try (Deployed app = Deployed.of(application)) {
            assertThat(app.answer("/").text()).contains("IllegalStateException: no database", "\tat ");
        }
    }

    @Test
    void anExceptionAfterTheStartAbortsTheResponse() {
        try (Deployed app = Deployed.of((request, response) -> {
                    response.getWriter().print("half");
                    response.flushBuffer();
                    throw new IllegalStateException("no more");
                });
                HttpDriver driver = app.get("/")) {
            driver.expectStart(200);
            driver.expectPart("half");
            driver.expectFailure(Throwable.class);
        }
    }

    @Test
    void aBodyShorterThanItsLengthIsNotEndedAsIfItWereComplete() {
        try (Deployed app = Deployed.of((request, response) -> {
                    response.setContentLength(10);
                    response.getOutputStream().print("short");
                    response.flushBuffer();
                });
                HttpDriver driver = app.get("/")) {
            driver.expectStart(200);
            driver.expectPart("short");
            driver.expectFailure(Throwable.class);
        }
    }

    @Test
    void redirectsKeepTheirLocation() {
        try (Deployed app = Deployed.of((request, response) -> response.sendRedirect("next?a=b"))) {
            HttpDriver.Response response = app.answer(
                    HttpScope.builder().target("/a/b").scheme("https").header("host", "example.com"));
            assertThat(response.status()).isEqualTo(302);
            assertThat(response.headers().first("location")).isEqualTo("/a/next?a=b");
        }
    }

    @Test
    void cookiesAreSentWithTheirAttributes() {
        try (Deployed app = Deployed.of((request, response) -> {
            Cookie cookie = new Cookie("theme", "dark");
            cookie.setHttpOnly(true);
            cookie.setAttribute("SameSite", "Strict");
            response.addCookie(cookie);
        })) {
            assertThat(app.answer("/").headers().first("set-cookie"))
                    .startsWith("theme=dark")
                    .contains("HttpOnly", "SameSite=Strict");
        }
    }

    @Test
    void charactersThatNoHeaderFieldMayHaveAreReplaced() {
        try (Deployed app = Deployed.of((request, response) -> {
            response.setHeader("X-Name", "a\r\nSet-Cookie: b\u4e2dé");
            response.getWriter().print("done");
        })) {
            HttpDriver.Response response = app.answer("/");
            assertThat(response.headers().first("x-name")).isEqualTo("a  Set-Cookie: b?é");
            assertThat(response.headers().contains("set-cookie")).isFalse();
        }
    }

    @Test
    void aNameThatIsNoHeaderFieldIs500() {
        try (Deployed app = Deployed.of((request, response) -> response.setHeader("X Name", "a"))) {
            assertThat(app.answer("/").status()).isEqualTo(500);
        }
    }

    @Test
    void anUpgradeIsRefusedWithWhatToDoInstead() {
        AtomicReference<Exception> refusal = new AtomicReference<>();
        try (Deployed app = Deployed.of((request, response) -> {
            try {
                request.upgrade(Upgrade.class);
            } catch (ServletException | IOException | RuntimeException refused) {
                refusal.set(refused);
                response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            }
        })) {
            assertThat(app.answer(HttpScope.builder().headers(Headers.of("upgrade", "chat", "connection", "upgrade")))
                            .status())
                    .isEqualTo(400);
            assertThat(refusal.get()).hasMessageContaining("WebSocketScope");
        }
    }

    @Test
    void forwardsAndIncludesReachOtherServlets() {
        ServletApplication application = ServletApplication.builder()
                .servlet(
                        new TestServlet((request, response) -> {
                            RequestDispatcher target =
                                    request.getRequestDispatcher(request.getParameter("to") + "?from=outer");
                            if (request.getParameter("include") != null) {
                                response.getWriter().print("[");
                                target.include(request, response);
                                response.getWriter().print("]");
                            } else {
                                target.forward(request, response);
                            }
                        }),
                        "/outer")
                .servlet(
                        new TestServlet((request, response) -> response.getWriter()
                                .print(request.getServletPath()
                                        + request.getPathInfo()
                                        + request.getParameter("from")
                                        + request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI))),
                        "/inner/*")
                .build();
        try (Deployed app = Deployed.of(application)) {
            assertThat(app.answer("/outer?to=/inner/x").text()).isEqualTo("/inner/xouter/outer");
            assertThat(app.answer("/outer?include&to=/inner/x").text()).isEqualTo("[/outernullouternull]");
            assertThat(app.answer("/nowhere").status()).isEqualTo(404);
        }
    }

    /** Would take the connection over. */
    public static final class Upgrade implements HttpUpgradeHandler {
        @Override
        public void init(WebConnection connection) {}

        @Override
        public void destroy() {}
    }
}
