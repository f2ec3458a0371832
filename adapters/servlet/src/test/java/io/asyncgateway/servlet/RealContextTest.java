package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a context does around its servlets, as real clients see it: client certificates, dispatches, error pages, sessions, listeners. */
class RealContextTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    // ------------------------------------------------------------------------------------------------ certificates

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aServletSeesTheCertificateThatItsClientHasShown(HttpClient.Version version, @TempDir Path folder)
            throws Exception {
        TestAuthority authority = new TestAuthority();
        ServletApplication application = ServletApplication.of(new TestServlet((request, response) -> {
            X509Certificate[] chain =
                    (X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate");
            response.getWriter()
                    .print(request.isSecure() + " " + request.getProtocol() + " "
                            + (chain == null ? "none" : chain[0].getSubjectX500Principal()));
        }));
        try (RealServer server = RealServer.of(application, authority.server(folder))) {
            String protocol = version == HttpClient.Version.HTTP_2 ? "HTTP/2.0" : "HTTP/1.1";
            HttpRequest request = server.request("/").version(version).build();
            for (int i = 0; i < 2; i++) { // the second request of a connection too
                HttpClient alice = authority.client("alice").version(version).build();
                assertThat(alice.send(request, BodyHandlers.ofString()).body())
                        .isEqualTo("true " + protocol + " CN=alice");
                assertThat(alice.send(request, BodyHandlers.ofString()).body())
                        .isEqualTo("true " + protocol + " CN=alice");
            }
            HttpClient nobody = authority.client().version(version).build();
            assertThat(nobody.send(request, BodyHandlers.ofString()).body()).isEqualTo("true " + protocol + " none");
        }
    }

    // ------------------------------------------------------------------------------------------------ dispatches

    /** Goes to the servlet at {@code /inner}, by what the path says. */
    private static void outer(HttpServletRequest request, HttpServletResponse response) throws Exception {
        RequestDispatcher inner = request.getRequestDispatcher("/inner/x?from=outer");
        switch (String.valueOf(request.getPathInfo())) {
            case "/forward" -> {
                response.getWriter().print("dropped");
                inner.forward(request, response);
            }
            case "/include" -> {
                response.getWriter().print("before [");
                inner.include(request, response);
                response.getWriter().print("] after");
            }
            default -> {
                response.flushBuffer();
                try {
                    inner.forward(request, response);
                } catch (IllegalStateException committed) {
                    response.getWriter().print("too late");
                }
            }
        }
    }

    private static void inner(HttpServletRequest request, HttpServletResponse response) throws Exception {
        response.setStatus(HttpServletResponse.SC_ACCEPTED); // without effect in an include
        response.setHeader("X-Inner", "yes");
        boolean included = request.getDispatcherType() == DispatcherType.INCLUDE;
        response.getWriter()
                .print(String.join(
                        " ",
                        request.getDispatcherType().name(),
                        request.getRequestURI(),
                        request.getParameter("from"),
                        request.getParameter("name"),
                        String.valueOf(request.getAttribute(
                                included
                                        ? RequestDispatcher.INCLUDE_REQUEST_URI
                                        : RequestDispatcher.FORWARD_REQUEST_URI))));
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aRequestIsForwardedAndOtherServletsAreIncluded(HttpClient.Version version) throws Exception {
        ServletApplication application = ServletApplication.builder()
                .servlet(new TestServlet(RealContextTest::outer), "/outer/*")
                .servlet(new TestServlet(RealContextTest::inner), "/inner/*")
                .build();
        try (RealServer server = RealServer.of(application)) {
            server.send(server.request("/").version(version)); // from here on the connection speaks it

            HttpResponse<String> forwarded =
                    server.send(form(server, "/outer/forward").version(version));
            assertThat(forwarded.statusCode()).isEqualTo(202);
            assertThat(forwarded.headers().firstValue("x-inner")).hasValue("yes");
            assertThat(forwarded.body()).isEqualTo("FORWARD /inner/x outer tea /outer/forward");

            HttpResponse<String> included =
                    server.send(form(server, "/outer/include").version(version));
            assertThat(included.statusCode()).isEqualTo(200);
            assertThat(included.headers().firstValue("x-inner")).isEmpty();
            assertThat(included.body()).isEqualTo("before [INCLUDE /outer/include outer tea /inner/x] after");

            HttpResponse<String> late = server.send(form(server, "/outer/late").version(version));
            assertThat(late.statusCode()).isEqualTo(200);
            assertThat(late.body()).isEqualTo("too late");
        }
    }

    private static HttpRequest.Builder form(RealServer server, String target) {
        return server.request(target)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("name=tea"));
    }

    // ------------------------------------------------------------------------------------------------ error pages

    @Test
    void aWarAnswersErrorsWithItsOwnPages(@TempDir Path directory) throws Exception {
        Path war = WarFile.in(directory)
                .compiled("Fails", """
                        public class Fails extends jakarta.servlet.http.HttpServlet {
                            protected void doGet(jakarta.servlet.http.HttpServletRequest request,
                                    jakarta.servlet.http.HttpServletResponse response) throws java.io.IOException {
                                response.getWriter().print("dropped");
                                switch (request.getPathInfo()) {
                                    case "/sold" -> response.sendError(410, "the last one is sold");
                                    case "/stock" -> throw new java.util.NoSuchElementException("stock");
                                    case "/page" -> throw new ArithmeticException("whose page fails too");
                                    default -> throw new IllegalStateException("secret");
                                }
                            }
                        }
                        """)
                .compiled("Page", """
                        public class Page extends jakarta.servlet.http.HttpServlet {
                            protected void service(jakarta.servlet.http.HttpServletRequest request,
                                    jakarta.servlet.http.HttpServletResponse response) throws java.io.IOException {
                                if (request.getPathInfo() != null) {
                                    throw new IllegalStateException("secret");
                                }
                                for (String each : new String[] {"status_code", "message", "request_uri", "servlet_name"}) {
                                    response.getWriter().print(request.getAttribute("jakarta.servlet.error." + each) + "; ");
                                }
                                response.getWriter().print(request.getDispatcherType());
                            }
                        }
                        """)
                .descriptor("""
                        <servlet><servlet-name>fails</servlet-name><servlet-class>Fails</servlet-class></servlet>
                        <servlet><servlet-name>page</servlet-name><servlet-class>Page</servlet-class></servlet>
                        <servlet-mapping><servlet-name>fails</servlet-name><url-pattern>/fails/*</url-pattern></servlet-mapping>
                        <servlet-mapping><servlet-name>page</servlet-name><url-pattern>/page/*</url-pattern></servlet-mapping>
                        <error-page><error-code>404</error-code><location>/missing.html</location></error-page>
                        <error-page><error-code>410</error-code><location>/page</location></error-page>
                        <error-page>
                          <exception-type>java.util.NoSuchElementException</exception-type><location>/page</location>
                        </error-page>
                        <error-page>
                          <exception-type>java.lang.ArithmeticException</exception-type><location>/page/fails</location>
                        </error-page>
                        """)
                .text("missing.html", "nothing here")
                .write();
        try (RealServer server =
                RealServer.of(ServletApplication.builder().war(war).build())) {
            expect(server.get("/nowhere"), 404, "nothing here");
            expect(server.send(server.request("/nowhere").method("HEAD", BodyPublishers.noBody())), 404, "");
            expect(server.get("/fails/sold"), 410, "410; the last one is sold; /fails/sold; fails; ERROR");
            HttpResponse<String> typed = server.get("/fails/stock");
            assertThat(typed.statusCode()).isEqualTo(500);
            assertThat(typed.body()).startsWith("500; ").endsWith("; /fails/stock; fails; ERROR");
            for (String target : List.of("/fails/page", "/fails/other")) {
                HttpResponse<String> plain = server.get(target);
                assertThat(plain.statusCode()).isEqualTo(500);
                assertThat(plain.body()).doesNotContain("secret").doesNotContain("dropped");
            }
        }
    }

    private static void expect(HttpResponse<String> response, int status, String body) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(body);
    }

    // ------------------------------------------------------------------------------------------------ sessions

    /** Counts the visits of a session, and leads to the next. */
    private static void visit(HttpServletRequest request, HttpServletResponse response) throws Exception {
        HttpSession session = request.getSession();
        Integer before = (Integer) session.getAttribute("visits");
        int visits = before == null ? 1 : before + 1;
        session.setAttribute("visits", visits);
        response.getWriter()
                .print(String.join(
                        " ",
                        String.valueOf(visits),
                        response.encodeURL("/visits?next"),
                        String.valueOf(request.isRequestedSessionIdFromURL()),
                        request.getServletPath()));
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aSessionIsTrackedInUrlsUntilTheClientShowsItsCookie(HttpClient.Version version) throws Exception {
        ServletApplication application = ServletApplication.builder()
                .servlet(new TestServlet(RealContextTest::visit), "/visits")
                .build();
        try (RealServer server = RealServer.of(application)) {
            HttpResponse<String> first = server.send(server.request("/visits").version(version));
            String[] told = first.body().split(" ");
            String link = told[1];
            assertThat(told[0]).isEqualTo("1");
            assertThat(link).matches("/visits;jsessionid=[^;?]+\\?next");

            HttpResponse<String> followed = server.send(server.request(link).version(version));
            assertThat(followed.body()).isEqualTo("2 " + link + " true /visits");

            String cookie = first.headers().firstValue("set-cookie").orElseThrow();
            HttpResponse<String> remembered = server.send(server.request("/visits")
                    .version(version)
                    .header("Cookie", cookie.substring(0, cookie.indexOf(';'))));
            assertThat(remembered.body()).isEqualTo("3 /visits?next false /visits");

            HttpResponse<String> unknown =
                    server.send(server.request("/visits;jsessionid=unknown").version(version));
            assertThat(unknown.body()).startsWith("1 /visits;jsessionid=").doesNotContain("unknown");
        }
    }

    // ------------------------------------------------------------------------------------------------ listeners

    /** Notes what it is told. */
    private record Told(String name, Queue<String> events)
            implements ServletContextListener, ServletRequestListener, HttpSessionListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            events.add(name + " context initialized");
        }

        @Override
        public void contextDestroyed(ServletContextEvent event) {
            events.add(name + " context destroyed");
        }

        @Override
        public void requestInitialized(ServletRequestEvent event) {
            events.add(name + " request initialized");
        }

        @Override
        public void requestDestroyed(ServletRequestEvent event) {
            events.add(name + " request destroyed");
        }

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            events.add(name + " session created");
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            events.add(name + " session destroyed, user " + event.getSession().getAttribute("user"));
        }
    }

    private static void logInOrOut(HttpServletRequest request, Queue<String> events) {
        events.add("servlet");
        HttpSession session = request.getSession();
        if (request.getQueryString() == null) {
            session.setAttribute("user", "ann");
        } else {
            session.invalidate();
        }
        events.add("servlet ends");
    }

    private static void set(ServletContext context, Queue<String> events) {
        context.addListener(new Told("first", events));
        context.addListener(new Told("second", events));
        context.addFilter("filter", (request, response, chain) -> {
                    events.add("filter");
                    chain.doFilter(request, response);
                    events.add("filter ends");
                })
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        context.addServlet("servlet", new TestServlet((request, response) -> logInOrOut(request, events)))
                .addMapping("/*");
    }

    /** Those that began first end last. The end of a request may be told after its client has its answer. */
    @Test
    void listenersAreToldInTheOrderOfTheSpecification() throws Exception {
        Queue<String> events = new ConcurrentLinkedQueue<>();
        ServletApplication application = ServletApplication.builder()
                .initializer((types, context) -> set(context, events))
                .build();
        try (RealServer server = RealServer.of(application)) {
            expectTold(events, "first context initialized", "second context initialized");

            HttpResponse<String> in = server.get("/");
            String cookie = in.headers().firstValue("set-cookie").orElseThrow();
            expectTold(
                    events,
                    "first request initialized",
                    "second request initialized",
                    "filter",
                    "servlet",
                    "first session created",
                    "second session created",
                    "servlet ends",
                    "filter ends",
                    "second request destroyed",
                    "first request destroyed");

            server.send(server.request("/?out").header("Cookie", cookie.substring(0, cookie.indexOf(';'))));
            expectTold(
                    events,
                    "first request initialized",
                    "second request initialized",
                    "filter",
                    "servlet",
                    "second session destroyed, user ann",
                    "first session destroyed, user ann",
                    "servlet ends",
                    "filter ends",
                    "second request destroyed",
                    "first request destroyed");
        }
        expectTold(events, "second context destroyed", "first context destroyed");
    }

    private static void expectTold(Queue<String> events, String... expected) {
        await().atMost(PATIENCE).until(() -> events.size() >= expected.length);
        assertThat(events).containsExactly(expected);
        events.clear();
    }
}
