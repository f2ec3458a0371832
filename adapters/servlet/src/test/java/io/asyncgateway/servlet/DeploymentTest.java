package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.Mount;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.RequestScopeBuilder;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import io.asyncgateway.api.testing.LifespanDriver;
import io.asyncgateway.api.testing.WebSocketDriver;
import io.asyncgateway.blocking.WorkerPool;
import io.asyncgateway.blocking.WorkerPoolOptions;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms in which an application is given, where it is put, and how it lives. */
class DeploymentTest {
    private static final String WHERE = "%s|%s|%s|%s"; // context path, servlet path, path info, URI

    /** A request that a proxy tells of its prefix {@code /outer} with. */
    private static final RequestScopeBuilder.ForHttp BEHIND_A_PREFIX =
            HttpScope.builder().target("/outer/legacy/where/x").rootPath("/outer/legacy");

    private static TestServlet tellsWhere() {
        return new TestServlet((request, response) -> response.getWriter().print(where(request)));
    }

    private static String where(HttpServletRequest request) {
        return WHERE.formatted(
                request.getContextPath(), request.getServletPath(), request.getPathInfo(), request.getRequestURI());
    }

    private static HttpDriver.Response get(HttpDriver driver) {
        try (driver) {
            driver.timeout(Duration.ofSeconds(20));
            HttpDriver.Response response = driver.expectResponse();
            driver.expectEnd();
            return response;
        }
    }

    // ------------------------------------------------------------------------------------------------ forms

    @Test
    void aContextSetUpInCodeKeepsItsFiltersListenersAndErrorPages() {
        List<String> told = new CopyOnWriteArrayList<>();
        ServletContextHandler context = new ServletContextHandler(ServletContextHandler.SESSIONS);
        context.setContextPath("/shop");
        context.addServlet(new ServletHolder(tellsWhere()), "/where/*");
        context.addServlet(
                new ServletHolder(new TestServlet((request, response) -> response.sendError(409))), "/conflict");
        context.addServlet(
                new ServletHolder(new TestServlet((request, response) -> response.getWriter()
                        .print("our page of " + request.getAttribute("jakarta.servlet.error.status_code")))),
                "/error");
        Filter filter = (request, response, chain) -> {
            response.setCharacterEncoding("utf-8");
            response.getWriter().print("filtered ");
            chain.doFilter(request, response);
        };
        context.addFilter(new FilterHolder(filter), "/where/*", EnumSet.of(DispatcherType.REQUEST));
        context.addEventListener(new ServletContextListener() {
            @Override
            public void contextInitialized(ServletContextEvent event) {
                told.add("initialized " + event.getServletContext().getInitParameter("key"));
            }

            @Override
            public void contextDestroyed(ServletContextEvent event) {
                told.add("destroyed");
            }
        });
        ErrorPageErrorHandler pages = new ErrorPageErrorHandler();
        pages.addErrorPage(409, "/error");
        context.setErrorHandler(pages);
        ServletApplication application =
                ServletApplication.builder().context(context).build();

        LifespanDriver life = ApplicationDriver.lifespan(application, LifespanScope.of(Map.of("key", "value")));
        life.timeout(Duration.ofSeconds(20));
        life.startup();
        life.expect(LifespanEvent.StartupComplete.class);
        assertThat(get(ApplicationDriver.get(application, "/shop/where/x")).text())
                .isEqualTo("filtered /shop|/where|/x|/shop/where/x");
        HttpDriver.Response conflict = get(ApplicationDriver.get(application, "/shop/conflict"));
        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.text()).isEqualTo("our page of 409");
        assertThat(get(ApplicationDriver.get(application, "/elsewhere")).status())
                .isEqualTo(404);
        life.shutdown();
        life.expect(LifespanEvent.ShutdownComplete.class);
        life.close();
        assertThat(told).containsExactly("initialized value", "destroyed");
    }

    @Test
    void aContextSetUpInCodeCannotUpgradeAndIsNeverAnsweredWith101() {
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(
                new ServletHolder(new TestServlet((request, response) -> {
                    assertThatThrownBy(() -> request.upgrade(ServletResponseTest.Upgrade.class))
                            .isInstanceOf(ServletException.class);
                    response.getWriter().print("plain"); // with the status that the engine has set before it refused
                })),
                "/*");
        try (Deployed app = Deployed.of(
                        ServletApplication.builder().context(context).build());
                HttpDriver driver = app.request(
                        HttpScope.builder().headers(Headers.of("upgrade", "chat", "connection", "upgrade")))) {
            driver.noBody();
            assertThat(driver.expectResponse().status()).isEqualTo(500);
        }
    }

    @Test
    void aContextSetUpInCodeIsReachedBehindAPrefixThatItsServletsDoNotSee() {
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(tellsWhere()), "/where/*");
        ServletApplication application =
                ServletApplication.builder().context(context).build();
        try (Deployed app = Deployed.at("/legacy", application)) {
            assertThat(app.answer(BEHIND_A_PREFIX).text()).isEqualTo("/legacy|/where|/x|/legacy/where/x");
        }
    }

    @Test
    void theOptionDecidesOfADetailedErrorPageInAContextSetUpInCode() {
        for (boolean details : new boolean[] {false, true}) {
            ServletContextHandler context = new ServletContextHandler();
            context.setErrorHandler(new ErrorPageErrorHandler());
            context.addServlet(
                    new ServletHolder(new TestServlet((request, response) -> {
                        throw new IllegalStateException("no database");
                    })),
                    "/*");
            try (Deployed app = Deployed.of(ServletApplication.builder()
                    .context(context)
                    .options(ServletOptions.defaults().withErrorDetails(details))
                    .build())) {
                assertThat(app.answer("/").text().contains("\tat ")).isEqualTo(details);
            }
        }
    }

    @Test
    void anInitializerIsCalledWithItsTypes() {
        ServletApplication application = ServletApplication.builder()
                .initializer(
                        (types, context) -> context.addServlet(
                                        "types", new TestServlet((request, response) -> response.getWriter()
                                                .print(String.valueOf(types))))
                                .addMapping("/types"),
                        DeploymentTest.class)
                .build();
        try (Deployed app = Deployed.of(application)) {
            assertThat(app.answer("/types").text()).isEqualTo("[" + DeploymentTest.class + "]");
        }
    }

    @Test
    void aWarIsUnpackedWithItsDescriptorAnnotationsAndStaticFiles(@TempDir Path directory) throws Exception {
        Path war = WarFile.in(directory)
                .compiled("Annotated", """
                        @jakarta.servlet.annotation.WebServlet("/annotated")
                        public class Annotated extends jakarta.servlet.http.HttpServlet {
                            protected void doGet(jakarta.servlet.http.HttpServletRequest request,
                                    jakarta.servlet.http.HttpServletResponse response) throws java.io.IOException {
                                String hidden;
                                try {
                                    hidden = Class.forName("io.asyncgateway.api.Application").getName();
                                } catch (ClassNotFoundException e) {
                                    hidden = "hidden";
                                }
                                response.getWriter().print(request.getContextPath() + " " + hidden
                                        + " " + getServletContext().getInitParameter("key"));
                            }
                        }
                        """)
                .descriptor("""
                        <context-param><param-name>key</param-name><param-value>of the descriptor</param-value></context-param>
                        <error-page><error-code>404</error-code><location>/missing.html</location></error-page>
                        """)
                .text("index.html", "welcome")
                .text("missing.html", "nothing here")
                .write();
        ServletApplication application =
                ServletApplication.builder().war(war).contextPath("/shop").build();
        try (Deployed app = Deployed.of(application)) {
            assertThat(app.answer("/shop/annotated").text()).isEqualTo("/shop hidden of the descriptor");
            assertThat(app.answer("/shop/index.html").text()).isEqualTo("welcome");
            assertThat(app.answer("/shop/").text()).isEqualTo("welcome");
            HttpDriver.Response missing = app.answer("/shop/nothing");
            assertThat(missing.status()).isEqualTo(404);
            assertThat(missing.text()).isEqualTo("nothing here");
            assertThat(app.answer("/shop/WEB-INF/web.xml").status()).isEqualTo(404);
        }
    }

    @Test
    void aWarThatIsNotThereIsToldByItsName(@TempDir Path directory) {
        Path none = directory.resolve("none.war");
        assertThatThrownBy(() -> ServletApplication.builder().war(none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none.war (expected: a file or folder that exists)");
    }

    @Test
    void oneApplicationIsGivenInOneForm() {
        ServletApplication.Builder builder = ServletApplication.builder().servlet(tellsWhere());
        assertThatThrownBy(() -> builder.context(new ServletContextHandler()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a second application");
        assertThatThrownBy(() -> ServletApplication.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no application");
    }

    // ------------------------------------------------------------------------------------------------ paths

    @Test
    void theRootPathIsTheContextPath() {
        ServletApplication application =
                ServletApplication.builder().servlet(tellsWhere(), "/where/*").build();
        try (Deployed app = Deployed.at("/legacy", application)) {
            assertThat(app.answer(HttpScope.builder()
                                    .target("/legacy/where/x%20y")
                                    .rootPath("/legacy"))
                            .text())
                    .isEqualTo("/legacy|/where|/x y|/legacy/where/x%20y");
        }
    }

    @Test
    void aPrefixThatAProxyTellsOfComesBeforeTheContextPath() {
        ServletApplication application =
                ServletApplication.builder().servlet(tellsWhere(), "/where/*").build();
        try (Deployed app = Deployed.at("/legacy", application)) {
            assertThat(app.answer(BEHIND_A_PREFIX).text()).isEqualTo("/outer/legacy|/where|/x|/outer/legacy/where/x");
        }
    }

    @Test
    void mountedBesideAReactiveApplicationAndAWebSocketEachHasItsOwn() {
        ServletApplication legacy = ServletApplication.builder()
                .servlet(tellsWhere(), "/where/*")
                .contextPath("/shop")
                .build();
        Mount site = Mount.builder()
                .at("/legacy", legacy)
                .at(
                        "/chat",
                        Applications.builder()
                                .webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                                        .then(send.send(new WebSocketEvent.Close(1000, scope.localPath()))))
                                .build())
                .otherwise(Applications.builder()
                        .http((scope, receive, send) -> Http.respond(send, 200, "reactive " + scope.path()))
                        .build())
                .build();
        LifespanDriver life = ApplicationDriver.lifespan(site, LifespanScope.of(Map.of()));
        life.timeout(Duration.ofSeconds(20));
        life.startup();
        life.expect(LifespanEvent.StartupComplete.class);
        assertThat(get(ApplicationDriver.get(site, "/legacy/shop/where/x")).text())
                .isEqualTo("/legacy/shop|/where|/x|/legacy/shop/where/x");
        assertThat(get(ApplicationDriver.get(site, "/legacy/elsewhere")).status())
                .isEqualTo(404);
        assertThat(get(ApplicationDriver.get(site, "/other")).text()).isEqualTo("reactive /other");
        try (WebSocketDriver chat =
                ApplicationDriver.webSocket(site, WebSocketScope.builder().target("/chat/room"))) {
            chat.expect(WebSocketEvent.Accept.class);
            assertThat(chat.expect(WebSocketEvent.Close.class).reason()).isEqualTo("/room");
        }
        life.shutdown();
        life.expect(LifespanEvent.ShutdownComplete.class);
        life.close();
    }

    // ------------------------------------------------------------------------------------------------ life

    @Test
    void aServletThatCannotBeInitializedStopsTheStart() {
        ServletApplication application = ServletApplication.of(new TestServlet((request, response) -> {}) {
            private static final long serialVersionUID = 1L;

            @Override
            public void init() {
                throw new IllegalStateException("no database");
            }
        });
        try (LifespanDriver life = ApplicationDriver.lifespan(application, LifespanScope.of(Map.of()))) {
            life.timeout(Duration.ofSeconds(20));
            life.startup();
            assertThat(life.expect(LifespanEvent.StartupFailed.class).message())
                    .contains("the servlet application can't start")
                    .contains("no database");
        }
    }

    @Test
    void withoutALifespanTheFirstRequestStartsIt() {
        ServletApplication application =
                ServletApplication.builder().servlet(tellsWhere(), "/where/*").build();
        assertThat(get(ApplicationDriver.get(application, "/where/x")).text()).isEqualTo("|/where|/x|/where/x");
    }

    @Test
    void thePoolEndsWithTheLastApplicationOnIt() {
        WorkerPool pool =
                WorkerPool.of(WorkerPoolOptions.defaults().withName("shared").withReuseThreadLocals(true));
        ServletApplication one =
                ServletApplication.builder().servlet(tellsWhere()).pool(pool).build();
        ServletApplication other =
                ServletApplication.builder().servlet(tellsWhere()).pool(pool).build();
        Deployed first = Deployed.of(one);
        try (Deployed second = Deployed.of(other)) {
            first.close();
            assertThat(second.answer("/").status()).isEqualTo(200);
            assertThat(isShutDown(pool)).as("with one application left").isFalse();
        }
        assertThat(isShutDown(pool)).isTrue();
    }

    @Test
    void aStartOrAStopThatTheServerGivesUpIsInterruptedAndLeavesThePool() throws Exception {
        for (boolean whileItStarts : new boolean[] {true, false}) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            TestServlet hangs = new TestServlet((request, response) -> {}) {
                private static final long serialVersionUID = 1L;

                @Override
                public void init() {
                    if (whileItStarts) {
                        hang();
                    }
                }

                @Override
                public void destroy() {
                    if (!whileItStarts) {
                        hang();
                    }
                }

                private void hang() {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException givenUp) {
                        interrupted.countDown();
                        throw new IllegalStateException(givenUp);
                    }
                }
            };
            WorkerPool pool = WorkerPool.of(WorkerPoolOptions.defaults().withName("left"));
            try (LifespanDriver life = lifespan(hangs, pool)) {
                life.startup();
                if (!whileItStarts) {
                    life.expect(LifespanEvent.StartupComplete.class);
                    life.shutdown();
                }
                begun.await();
                life.cancel();
                interrupted.await();
                life.expectEnd();
            }
            await().until(() -> isShutDown(pool));
        }
    }

    @Test
    void whatAStartThatWasGivenUpHasStartedAllTheSameIsStopped() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch destroyed = new CountDownLatch(1);
        TestServlet deaf = new TestServlet((request, response) -> {}) {
            private static final long serialVersionUID = 1L;

            @Override
            public void init() {
                begun.countDown();
                while (go.getCount() > 0) {
                    try {
                        go.await();
                    } catch (InterruptedException ignored) {
                        continue;
                    }
                }
            }

            @Override
            public void destroy() {
                destroyed.countDown();
            }
        };
        WorkerPool pool = WorkerPool.of(WorkerPoolOptions.defaults().withName("deaf"));
        try (LifespanDriver life = lifespan(deaf, pool)) {
            life.startup();
            begun.await();
            life.cancel();
            await().until(() -> isShutDown(pool)); // whatever the start does
            go.countDown();
            destroyed.await();
        }
    }

    private static LifespanDriver lifespan(TestServlet servlet, WorkerPool pool) {
        ServletApplication application =
                ServletApplication.builder().servlet(servlet).pool(pool).build();
        LifespanDriver life = ApplicationDriver.lifespan(application, LifespanScope.of(Map.of()));
        life.timeout(Duration.ofSeconds(20));
        return life;
    }

    private static boolean isShutDown(WorkerPool pool) {
        AtomicReference<RequestException> refusal = new AtomicReference<>();
        pool.submit(() -> {}, refusal::set);
        return refusal.get() != null && refusal.get().getMessage().contains("is shut down");
    }

    @Test
    void theScopeOfARequestIsAnAttribute() {
        try (Deployed app = Deployed.of((request, response) -> {
            HttpScope scope = (HttpScope) request.getAttribute(ServletApplication.SCOPE_ATTRIBUTE);
            response.getWriter().print(scope.target());
        })) {
            assertThat(app.answer("/a?b").text()).isEqualTo("/a?b");
        }
    }
}
