package io.asyncgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import io.asyncgateway.api.testing.LifespanDriver;
import io.asyncgateway.api.testing.WebSocketDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class MountTest {
    private static final StateKey<String> GREETING = StateKey.of("greeting", String.class);

    private final List<String> life = new ArrayList<>();

    /** Says its name and what it sees of the path; starts and stops at once. */
    private Application named(String name) {
        return living(name, Mono.empty(), Mono.empty());
    }

    private Application living(String name, Mono<Void> start, Mono<Void> stop) {
        return Applications.builder()
                .http((scope, receive, send) ->
                        Http.respond(send, 200, name + " root=" + scope.rootPath() + " local=" + scope.localPath()))
                .lifespan(LifespanApplication.of(
                        scope -> step(name + " starts at \"" + scope.rootPath() + "\"", start),
                        scope -> step(name + " stops", stop)))
                .build();
    }

    private Mono<Void> step(String text, Mono<Void> then) {
        return Mono.defer(() -> {
            life.add(text);
            return then;
        });
    }

    private static String get(Application app, RequestScopeBuilder.ForHttp scope) {
        try (HttpDriver driver = ApplicationDriver.http(app, scope)) {
            driver.lastPart("");
            String text = driver.expectResponse().text();
            driver.expectEnd();
            return text;
        }
    }

    // ------------------------------------------------------------------------------------------------ requests

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "/legacy, legacy root=/legacy local=",
                "/legacy/, legacy root=/legacy local=/",
                "/legacy/a%20b?q=1, legacy root=/legacy local=/a b",
                "/%6cegacy/a, legacy root=/legacy local=/a",
                "/legacy/admin/x, admin root=/legacy/admin local=/x",
                "/legacy/administration, legacy root=/legacy local=/administration",
                "/legacyorders, rest root= local=/legacyorders",
                "/LEGACY, rest root= local=/LEGACY",
                "/, rest root= local=/",
                "//legacy, rest root= local=//legacy",
            })
    void aRequestGoesToTheLongestPathThatEndsAtTheBorderOfASegment(String target, String answer) {
        Application site = Mount.builder()
                .at("/legacy", named("legacy"))
                .at("/legacy/admin", named("admin"))
                .otherwise(named("rest"))
                .build();

        assertThat(get(site, HttpScope.builder().target(target))).isEqualTo(answer);
    }

    @Test
    void mountsCanBeMountedAndStandBehindARootPathOfTheServer() {
        Application inner = Mount.builder().at("/b", named("b")).build();
        Application site = Mount.builder().at("/a", inner).build();

        assertThat(get(site, HttpScope.builder().target("/shop/a/b/c").rootPath("/shop")))
                .isEqualTo("b root=/shop/a/b local=/c");
    }

    @Test
    void whatIsMountedNowhereIsNotFound() {
        Application site = Mount.builder().at("/a", named("a")).build();

        try (HttpDriver driver = ApplicationDriver.get(site, "/b")) {
            assertThat(driver.expectFailure(RequestException.class).status()).isEqualTo(404);
        }
        try (WebSocketDriver driver =
                ApplicationDriver.webSocket(site, WebSocketScope.builder().target("/b"))) {
            assertThat(driver.expectFailure(RequestException.class).status()).isEqualTo(404);
        }
    }

    @Test
    void aWebSocketGoesToItsApplicationToo() {
        Application chat = Applications.webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                .then(Mono.defer(() -> send.send(new WebSocketEvent.Send(
                        WebSocketMessage.text("root=" + scope.rootPath() + " local=" + scope.localPath())))))
                .then(Mono.defer(() -> send.send(new WebSocketEvent.Close()))));
        Application site = Mount.builder().at("/chat", chat).build();

        try (WebSocketDriver driver =
                ApplicationDriver.webSocket(site, WebSocketScope.builder().target("/chat/lobby"))) {
            driver.expect(WebSocketEvent.Accept.class);
            driver.expectText("root=/chat local=/lobby");
            driver.expect(WebSocketEvent.Close.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "legacy", "/legacy/"})
    void aPathThatIsNoneIsRefused(String path) {
        assertThatThrownBy(() -> Mount.builder().at(path, named("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("path: \"" + path + "\" (expected: begins with / and does not end with it)");
    }

    @Test
    void aPathHasOneApplication() {
        assertThatThrownBy(() -> Mount.builder().at("/a", named("a")).at("/a", named("b")))
                .hasMessage("path: /a (expected: one application for each path)");
        assertThatThrownBy(() -> Mount.builder().otherwise(named("a")).otherwise(named("b")))
                .hasMessage("path: otherwise (expected: one application for each path)");
    }

    // ------------------------------------------------------------------------------------------------ lifespan

    private LifespanDriver driver(Application app) {
        return ApplicationDriver.lifespan(app, LifespanScope.of(Map.of("greeting", "hi")));
    }

    @Test
    void allStartInTheirOrderAndStopInTheOppositeOne() {
        Sinks.Empty<Void> started = Sinks.empty();
        Application site = Mount.builder()
                .at("/a", living("a", started.asMono(), Mono.empty()))
                .at("/none", Applications.http((scope, receive, send) -> Http.respond(send, 200, "")))
                .otherwise(named("rest"))
                .build();

        try (LifespanDriver driver = driver(site)) {
            driver.startup();
            driver.expectNothing();
            assertThat(life).containsExactly("a starts at \"/a\"");
            started.tryEmitEmpty();
            driver.expect(LifespanEvent.StartupComplete.class);
            assertThat(life).containsExactly("a starts at \"/a\"", "rest starts at \"\"");
            driver.shutdown();
            driver.expect(LifespanEvent.ShutdownComplete.class);
            driver.expectEnd();
        }
        assertThat(life).endsWith("rest stops", "a stops");
    }

    @Test
    void oneThatCanNotStartStopsThoseBeforeItAndSaysItsPath() {
        Application site = Mount.builder()
                .at("/a", named("a"))
                .at("/b", living("b", Mono.error(new IllegalStateException("no database")), Mono.empty()))
                .at("/c", named("c"))
                .build();

        try (LifespanDriver driver = driver(site)) {
            driver.startup();
            assertThat(driver.expect(LifespanEvent.StartupFailed.class).message())
                    .isEqualTo("/b: no database");
            driver.expectFailure(LifespanException.class);
        }
        assertThat(life).containsExactly("a starts at \"/a\"", "b starts at \"/b\"", "a stops");
    }

    @Test
    void oneThatEndsItsStartWithoutAnAnswerFailsIt() {
        Application site =
                Mount.builder().at("/a", (scope, receive, send) -> Mono.empty()).build();

        try (LifespanDriver driver = driver(site)) {
            driver.startup();
            assertThat(driver.expect(LifespanEvent.StartupFailed.class).message())
                    .startsWith("/a: the lifespan ended without");
            driver.expectFailure(LifespanException.class);
        }
    }

    @Test
    void thoseThatCanNotStopDoNotKeepTheOthersFromIt() {
        Application site = Mount.builder()
                .at("/a", living("a", Mono.empty(), Mono.error(new IllegalStateException("disk full"))))
                .at("/b", named("b"))
                .at("/c", living("c", Mono.empty(), Mono.error(new IllegalStateException("still open"))))
                .build();

        try (LifespanDriver driver = driver(site)) {
            driver.startup();
            driver.expect(LifespanEvent.StartupComplete.class);
            driver.shutdown();
            assertThat(driver.expect(LifespanEvent.ShutdownFailed.class).message())
                    .isEqualTo("/c: still open; /a: disk full");
            driver.expectFailure(LifespanException.class);
        }
        assertThat(life).endsWith("c stops", "b stops", "a stops");
    }

    @Test
    void oneWhoseLifeEndsEarlyIsNotStopped() {
        Sinks.Empty<Void> end = Sinks.empty();
        Application early = (scope, receive, send) -> receive.receive()
                .then(send.send(new LifespanEvent.StartupComplete()))
                .then(end.asMono());
        Application site = Mount.builder().at("/a", early).at("/b", named("b")).build();

        try (LifespanDriver driver = driver(site)) {
            driver.startup();
            driver.expect(LifespanEvent.StartupComplete.class);
            end.tryEmitEmpty();
            driver.shutdown();
            driver.expect(LifespanEvent.ShutdownComplete.class);
            driver.expectEnd();
        }
        assertThat(life).endsWith("b stops");
    }

    @Test
    void cancellingTheWholeCancelsAll() {
        AtomicInteger cancelled = new AtomicInteger();
        Application forever = (scope, receive, send) -> receive.receive()
                .then(send.send(new LifespanEvent.StartupComplete()))
                .then(Mono.<Void>never())
                .doOnCancel(cancelled::incrementAndGet);
        Application site = Mount.builder().at("/a", forever).at("/b", forever).build();

        try (LifespanDriver driver = driver(site)) {
            driver.startup();
            driver.expect(LifespanEvent.StartupComplete.class);
        }
        assertThat(cancelled).hasValue(2);
    }

    @Test
    void allShareSettingsAndState() {
        Application puts = Applications.builder()
                .lifespan(LifespanApplication.of(
                        scope -> Mono.fromRunnable(() ->
                                scope.state().put(GREETING, scope.settings().get("greeting"))),
                        scope -> Mono.empty()))
                .build();
        Application reads = Applications.http(
                (scope, receive, send) -> Http.respond(send, 200, scope.state().require(GREETING)));
        Application site = Mount.builder().at("/a", puts).otherwise(reads).build();

        try (LifespanDriver driver = driver(site)) {
            driver.startup();
            driver.expect(LifespanEvent.StartupComplete.class);
            assertThat(get(site, HttpScope.builder().state(driver.requestState())))
                    .isEqualTo("hi");
        }
    }
}
