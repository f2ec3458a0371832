package io.asyncgateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.HttpEvent.ResponseBody;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import io.asyncgateway.api.testing.LifespanDriver;
import io.asyncgateway.api.testing.WebSocketDriver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Every example of the documentation, as it stands there, compiled and run. */
class DocumentationTest {
    private static final Path SOURCES = Path.of("src/main/java/io/asyncgateway/api");
    private static final Path THIS = Path.of("src/test/java/io/asyncgateway/api/DocumentationTest.java");
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\n(.*?)\\n[ *]*}</pre>", Pattern.DOTALL);

    /** Its example is of a server that does not exist. */
    private static final List<String> NOT_RUN = List.of("ServerConformance.java");

    private static final StateKey<Pool> POOL = StateKey.of("pool", Pool.class);

    private record Example(String file, String text) {
        /** Formatters move line breaks, so white space does not count. */
        boolean isIn(String source) {
            return source.replaceAll("\\s", "").contains(text.replaceAll("\\s", ""));
        }

        @Override
        public String toString() {
            return file + ": " + text.lines().findFirst().orElse("").strip();
        }
    }

    static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = SOURCES.relativize(file).toString();
                if (NOT_RUN.stream().noneMatch(name::endsWith)) {
                    EXAMPLE.matcher(Files.readString(file))
                            .results()
                            .map(match -> match.group(1).replaceAll("(?m)^\\s*\\* ?", ""))
                            .forEach(text -> examples.add(new Example(name, text)));
                }
            }
        }
        return examples;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsCompiledAndRunHere(Example example) throws IOException {
        assertThat(example.isIn(Files.readString(THIS)))
                .as("the code of this test contains the example of %s:%n%s", example.file(), example.text())
                .isTrue();
    }

    @Test
    void thereAreExamples() throws IOException {
        assertThat(examples()).hasSizeGreaterThan(12);
    }

    private static void assertResponds(Application app, String target, int status, String text) {
        try (HttpDriver driver = ApplicationDriver.get(app, target)) {
            HttpDriver.Response response = driver.expectResponse();
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.text()).isEqualTo(text);
            driver.expectEnd();
        }
    }

    private static void assertEchoes(Application app) {
        try (WebSocketDriver driver = ApplicationDriver.webSocket(app, WebSocketScope.builder())) {
            driver.expect(WebSocketEvent.Accept.class);
            driver.text("hello");
            driver.expectText("hello");
            driver.disconnect(1000, "");
            driver.expectEnd();
        }
    }

    @Test
    void anApplication() {
        Application hello = (scope, receive, send) -> {
            if (!(scope instanceof HttpScope)) {
                return Mono.error(new UnsupportedScopeException(scope));
            }
            return send.send(HttpEvent.ResponseStart.of(200, "content-type", "text/plain"))
                    .then(send.send(HttpEvent.ResponseBody.last("hello\n")));
        };
        assertResponds(hello, "/", 200, "hello\n");
    }

    @Test
    void anApplicationInThePackage() {
        Application app = (scope, receive, send) -> {
            if (!(scope instanceof HttpScope)) {
                return Mono.error(new UnsupportedScopeException(scope));
            }
            return send.send(ResponseStart.of(200, "content-type", "text/plain"))
                    .then(send.send(ResponseBody.last("hello\n")));
        };
        assertResponds(app, "/", 200, "hello\n");
        try (LifespanDriver driver = ApplicationDriver.lifespan(app, LifespanScope.of(Map.of()))) {
            driver.expectFailure(UnsupportedScopeException.class);
        }
    }

    @Test
    void aMount() {
        Application legacy = Applications.http((scope, receive, send) -> Http.respond(send, 200, scope.localPath()));
        Application chat = Applications.webSocket((scope, receive, send) -> Mono.empty());
        Application reactive = Applications.http((scope, receive, send) -> Http.respond(send, 200, "reactive"));
        Application site = Mount.builder()
                .at("/legacy", legacy)
                .at("/chat", chat)
                .otherwise(reactive)
                .build();
        assertResponds(site, "/legacy/orders", 200, "/orders");
        assertResponds(site, "/", 200, "reactive");
    }

    @Test
    void aRunOfALifespan() {
        List<String> steps = new ArrayList<>();
        Application app = Applications.builder()
                .lifespan(LifespanApplication.of(
                        scope -> Mono.fromRunnable(
                                () -> steps.add(scope.settings().get("name"))),
                        scope -> Mono.fromRunnable(() -> steps.add("stop"))))
                .build();
        Map<String, String> settings = Map.of("name", "start");
        LifespanRun run = new LifespanRun(app, LifespanScope.of(settings), failure -> log(failure));
        Mono<Void> life = run.start().then(serve()).then(run.stop());
        StepVerifier.create(life).verifyComplete();
        assertThat(steps).containsExactly("start", "stop");
    }

    private static Mono<Void> serve() {
        return Mono.empty();
    }

    private static void log(Throwable failure) {
        throw new AssertionError(failure);
    }

    @Test
    void anApplicationByTheHelpers() {
        Application app = Applications.builder()
                .http((scope, receive, send) -> switch (scope.localPath()) {
                    case "/echo" -> Http.stream(send, new ResponseStart(200), Http.body(receive));
                    case "/save" ->
                        Http.collect(scope, receive, 65_536).flatMap(body -> Http.respond(send, 200, "saved\n"));
                    default -> Http.respond(send, 404, "not found\n");
                })
                .webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                        .then(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Send(message)))))
                .build();
        assertResponds(app, "/echo", 200, "");
        assertResponds(app, "/save", 200, "saved\n");
        assertResponds(app, "/other", 404, "not found\n");
        assertEchoes(app);
    }

    @Test
    void aBuilderOfApplications() {
        Application app = Applications.builder()
                .http((scope, receive, send) -> Http.respond(send, 200, "hello\n"))
                .webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                        .then(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Send(message)))))
                .build();
        assertResponds(app, "/", 200, "hello\n");
        assertEchoes(app);
    }

    @Test
    void anEcho() {
        HttpApplication echo =
                (scope, receive, send) -> Http.stream(send, new HttpEvent.ResponseStart(200), Http.body(receive));
        Application app = Applications.http(echo);
        try (HttpDriver driver = ApplicationDriver.http(app, HttpScope.builder().target("/echo"))) {
            driver.part("one");
            driver.expectStart(200);
            driver.expectPart("one");
            driver.lastPart("two");
            driver.expectPart("two");
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    @Test
    void anEchoOfMessages() {
        WebSocketApplication echo = (scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                .then(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Send(message))));
        assertEchoes(Applications.webSocket(echo));
    }

    @Test
    void wrappers() {
        Application app =
                (scope, receive, send) -> Http.respond(send, 200, scope instanceof HttpScope http ? http.scheme() : "");
        Middleware secure = next -> (any, receive, send) -> {
            HttpScope scope = (HttpScope) any;
            HttpScope seen = new HttpScopeWrapper(scope) {
                @Override
                public String scheme() {
                    return "https";
                }
            };
            return next.handle(seen, receive, send);
        };
        assertResponds(secure.wrap(app), "/", 200, "https");
    }

    @Test
    void wrappersOfWebSockets() {
        WebSocketScope scope = WebSocketScope.builder().build();
        WebSocketScope seen = new WebSocketScopeWrapper(scope) {
            @Override
            public String scheme() {
                return "wss";
            }
        };
        assertThat(seen.scheme()).isEqualTo("wss");
    }

    private static final class Pool {
        private final String database;
        private boolean closed;

        private Pool(String database) {
            this.database = database;
        }

        static Mono<Pool> open(String database) {
            return Mono.just(new Pool(database));
        }

        Mono<Void> close() {
            return Mono.fromRunnable(() -> closed = true);
        }
    }

    @Test
    void aLifespan() {
        LifespanApplication lifespan = LifespanApplication.of(
                scope -> Pool.open(scope.settings().get("database"))
                        .doOnNext(pool -> scope.state().put(POOL, pool))
                        .then(),
                scope -> scope.state().require(POOL).close());
        Application app = Applications.builder().lifespan(lifespan).build();
        try (LifespanDriver driver = ApplicationDriver.lifespan(app, LifespanScope.of(Map.of("database", "db")))) {
            driver.startup();
            driver.expect(LifespanEvent.StartupComplete.class);
            Pool pool = driver.requestState().require(POOL);
            assertThat(pool.database).isEqualTo("db");
            driver.shutdown();
            driver.expect(LifespanEvent.ShutdownComplete.class);
            driver.expectEnd();
            assertThat(pool.closed).isTrue();
        }
    }

    private static final class Loop {
        Mono<Long> count(Receive receive) {
            return receive.receive()
                    .repeat()
                    .map(event -> {
                        if (event instanceof HttpEvent.Request part) {
                            return part;
                        }
                        throw new DisconnectedException();
                    })
                    .takeUntil(part -> !part.more())
                    .reduce(0L, (sofar, part) -> sofar + part.body().remaining());
        }

        Mono<Void> table(Flux<ByteBuffer> rows, Send send) {
            return send.send(new ResponseStart(200))
                    .then(rows.concatMap(row -> send.send(ResponseBody.more(row)), 1)
                            .then())
                    .then(Mono.defer(() -> send.send(ResponseBody.last())));
        }
    }

    @Test
    void theRightLoopOfPulls() {
        StepVerifier.create(new Loop().count(ScriptedReceive.body("one", "two")))
                .expectNext(6L)
                .verifyComplete();
    }

    @Test
    void theRightLoopOfSends() {
        Flux<ByteBuffer> rows = Flux.just("a", "b").map(UTF_8::encode);
        assertResponds((scope, receive, send) -> new Loop().table(rows, send), "/", 200, "ab");
    }

    @Test
    void theRightLoopOfSendsInThePackage() {
        Flux<ByteBuffer> rows = Flux.just("a", "b").map(UTF_8::encode);
        ResponseStart start = new ResponseStart(200);
        assertResponds(
                (scope, receive, send) -> {
                    Mono<Void> response = send.send(start)
                            .then(rows.concatMap(row -> send.send(ResponseBody.more(row)), 1)
                                    .then())
                            .then(Mono.defer(() -> send.send(ResponseBody.last())));
                    return response;
                },
                "/",
                200,
                "ab");
    }

    @Test
    void aHeadThatLeavesBeforeThereIsABody() {
        assertResponds(
                (scope, receive, send) -> {
                    Mono<Void> headOnItsWay = send.send(new ResponseStart(200))
                            .then(send.send(ResponseBody.more(ByteBuffer.allocate(0))));
                    return headOnItsWay.then(send.send(ResponseBody.last("later")));
                },
                "/",
                200,
                "later");
    }

    @Test
    void aStreamThatEndsItself() {
        Flux<ByteBuffer> news = Flux.never();
        Application app = Applications.http((scope, receive, send) -> {
            Mono<Void> end = Mono.firstWithSignal(scope.draining(), scope.disconnected());
            Mono<Void> response = Http.stream(send, new ResponseStart(200), news.takeUntilOther(end));
            return response;
        });
        try (HttpDriver driver = ApplicationDriver.get(app, "/")) {
            driver.expectStart(200);
            driver.drain();
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    @Test
    void serverSentEvents() {
        VirtualTimeScheduler.getOrSet();
        HttpApplication clock = (scope, receive, send) -> ServerSentEvents.respond(
                scope,
                send,
                Flux.interval(Duration.ofSeconds(1)).onBackpressureDrop().map(n -> ServerSentEvent.of("tick " + n)));
        try (HttpDriver driver = ApplicationDriver.get(Applications.http(clock), "/")) {
            driver.expectStart(200);
            driver.expectPart("");
            driver.advanceTime(Duration.ofSeconds(2));
            driver.expectPart("data: tick 0\n\n");
            driver.expectPart("data: tick 1\n\n");
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void aRefusalWithAStatusAndFields() {
        Application app = Applications.http((scope, receive, send) -> {
            return Mono.error(
                    new RequestException(503, Headers.of("retry-after", "5"), "no connection to the database is free"));
        });
        try (HttpDriver driver = ApplicationDriver.get(app, "/")) {
            assertThat(driver.expectFailure(RequestException.class).status()).isEqualTo(503);
        }
    }
}
