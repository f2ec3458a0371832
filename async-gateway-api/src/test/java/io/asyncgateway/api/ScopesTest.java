package io.asyncgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class ScopesTest {
    private static final TlsInfo TLS = new TlsInfo("TLSv1.3", "TLS_AES_128_GCM_SHA256", List.of(), "example.com");
    private static final ProxyInfo PROXY =
            new ProxyInfo(null, null, "inner", null, Map.of(ProxyInfo.Fact.SCHEME, ProxyInfo.Source.X_FORWARDED));

    @Test
    void aScopeOfDefaultsIsAPlainGetOfTheRoot() {
        HttpScope scope = HttpScope.builder().build();

        assertThat(scope.httpVersion()).isEqualTo(HttpVersion.HTTP_1_1);
        assertThat(scope.scheme()).isEqualTo("http");
        assertThat(scope.method()).isEqualTo("GET");
        assertThat(scope.target()).isEqualTo("/");
        assertThat(scope.rawPath()).isEqualTo("/");
        assertThat(scope.path()).isEqualTo("/");
        assertThat(scope.queryString()).isEmpty();
        assertThat(scope.rootPath()).isEmpty();
        assertThat(scope.localPath()).isEqualTo("/");
        assertThat(scope.headers().isEmpty()).isTrue();
        assertThat(scope.client()).isInstanceOf(InetSocketAddress.class);
        assertThat(scope.server()).isInstanceOf(InetSocketAddress.class);
        assertThat(scope.tls()).isNull();
        assertThat(scope.proxy()).isNull();
        assertThat(scope.deadlineAt()).isNull();
    }

    @Test
    void aWebSocketOfDefaultsOffersNothing() {
        WebSocketScope scope = WebSocketScope.builder().build();

        assertThat(scope.scheme()).isEqualTo("ws");
        assertThat(scope.method()).isEqualTo("GET");
        assertThat(scope.subprotocols()).isEmpty();
    }

    @Test
    void aWebSocketOverHttp2IsOpenedByConnect() {
        assertThat(WebSocketScope.builder()
                        .httpVersion(HttpVersion.HTTP_2)
                        .build()
                        .method())
                .isEqualTo("CONNECT");
    }

    @Test
    void tlsMakesTheSchemeSecureUnlessOneWasGiven() {
        assertThat(HttpScope.builder().tls(TLS).build().scheme()).isEqualTo("https");
        assertThat(WebSocketScope.builder().tls(TLS).build().scheme()).isEqualTo("wss");
        assertThat(HttpScope.builder().scheme("http").tls(TLS).build().scheme()).isEqualTo("http");
    }

    @Test
    void whatAProxyToldIsNothingOrSaysWhich() {
        assertThat(HttpScope.builder().proxy(PROXY).build().proxy()).isSameAs(PROXY);
        assertThatThrownBy(() -> new ProxyInfo(null, null, null, null, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("believed: nothing (expected: at least one fact)");
    }

    @Test
    void pathAndQueryFollowFromTheTarget() {
        HttpScope scope = HttpScope.builder().target("http://host/a%20b?c=%20").build();

        assertThat(scope.target()).isEqualTo("http://host/a%20b?c=%20");
        assertThat(scope.rawPath()).isEqualTo("/a%20b");
        assertThat(scope.path()).isEqualTo("/a b");
        assertThat(scope.queryString()).isEqualTo("c=%20");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a b", "/\n", "/\u0100", "/\t", "/\u007f"})
    void aTargetThatNoServerTakesIsRefused(String target) {
        assertThatThrownBy(() -> HttpScope.builder().target(target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("target: ");
    }

    @Test
    void signalsNeverFireUnlessGiven() {
        HttpScope scope = HttpScope.builder().build();

        StepVerifier.withVirtualTime(
                        () -> Mono.firstWithSignal(scope.disconnected(), scope.draining(), scope.deadline()))
                .expectSubscription()
                .expectNoEvent(Duration.ofDays(1))
                .thenCancel()
                .verify();
    }

    @Test
    void everythingThatWasGivenIsThere() {
        Sinks.Empty<Void> signal = Sinks.empty();
        State state = new State();
        WebSocketScope scope = WebSocketScope.builder()
                .header("A", "1")
                .header("a", "2")
                .subprotocols("chat", "echo")
                .client(null)
                .server(null)
                .state(state)
                .disconnected(signal.asMono())
                .deadlineAt(Instant.EPOCH)
                .lastHeard(() -> Instant.MAX)
                .build();

        assertThat(scope.lastHeard()).isEqualTo(Instant.MAX);
        assertThat(scope.headers()).isEqualTo(Headers.of("a", "1", "a", "2"));
        assertThat(scope.subprotocols()).containsExactly("chat", "echo");
        assertThat(scope.client()).isNull();
        assertThat(scope.server()).isNull();
        assertThat(scope.state()).isSameAs(state);
        assertThat(scope.deadlineAt()).isEqualTo(Instant.EPOCH);
        signal.tryEmitEmpty();
        StepVerifier.create(scope.disconnected()).verifyComplete();
    }

    @Test
    void eachScopeOfABuilderHasAStateOfItsOwn() {
        RequestScopeBuilder.ForHttp builder = HttpScope.builder();

        assertThat(builder.build().state()).isNotSameAs(builder.build().state());
    }

    @ParameterizedTest
    @CsvSource({"/app/x,/app,/x", "/app,/app,''", "/app/,/app,/", "/app/x,'',/app/x", "/a%20b/c,/a b,/c", "/a%2Fb,/a,/b"
    })
    void mountingMovesTheBorderBetweenRootPathAndLocalPath(String target, String root, String local) {
        HttpScope http = HttpScope.builder().target(target).build();
        WebSocketScope webSocket = WebSocketScope.builder().target(target).build();

        for (RequestScope mounted : List.of(
                http.withRootPath(root),
                webSocket.withRootPath(root),
                HttpScope.builder().target(target).rootPath(root).build())) {
            assertThat(mounted.rootPath()).isEqualTo(root);
            assertThat(mounted.localPath()).isEqualTo(local);
            assertThat(mounted.path()).isEqualTo(http.path());
            assertThat(mounted.target()).isEqualTo(target);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ap", "/app/", "app", "/", "/other", "/app/x/y", "/APP"})
    void mountingRefusesWhatIsNoPrefixOfTheSegments(String root) {
        HttpScope scope = HttpScope.builder().target("/app/x").build();

        assertThatThrownBy(() -> scope.withRootPath(root))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rootPath: " + root);
        assertThatThrownBy(() ->
                        HttpScope.builder().target("/app/x").rootPath(root).build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mountsNest() {
        HttpScope inner =
                HttpScope.builder().target("/a/b/c").build().withRootPath("/a").withRootPath("/a/b");

        assertThat(inner.localPath()).isEqualTo("/c");
        assertThat(inner.withRootPath("").localPath()).isEqualTo("/a/b/c");
    }

    static Stream<Arguments> wrappers() {
        HttpScope http = HttpScope.builder()
                .target("/a/b?c")
                .rootPath("/a")
                .tls(TLS)
                .proxy(PROXY)
                .deadlineAt(Instant.EPOCH)
                .build();
        WebSocketScope webSocket = WebSocketScope.builder()
                .target("/a/b?c")
                .subprotocols("x")
                .tls(TLS)
                .proxy(PROXY)
                .build();
        return Stream.of(
                Arguments.of(HttpScope.class, http, new HttpScopeWrapper(http) {}),
                Arguments.of(WebSocketScope.class, webSocket, new WebSocketScopeWrapper(webSocket) {}));
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void aWrapperAnswersEveryQuestionAsTheScopeInside(Class<?> type, Scope inside, Scope wrapper) throws Exception {
        Map<String, Object> differences = new HashMap<>();
        for (Method method : type.getMethods()) {
            if (method.getParameterCount() == 0 && !java.lang.reflect.Modifier.isStatic(method.getModifiers())) {
                Object answer = method.invoke(wrapper);
                if (answer != method.invoke(inside) && !method.getName().equals("localPath")) {
                    differences.put(method.getName(), answer);
                }
            }
        }

        assertThat(differences).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void aWrapperOverridesEveryAccessor(Class<?> type, Scope inside, Scope wrapper) {
        List<String> accessors = Arrays.stream(type.getMethods())
                .filter(method -> java.lang.reflect.Modifier.isAbstract(method.getModifiers()))
                .map(Method::getName)
                .toList();

        assertThat(Arrays.stream(wrapper.getClass().getSuperclass().getDeclaredMethods())
                        .map(Method::getName))
                .containsAll(accessors);
    }

    @Test
    void aWrapperChangesASingleField() {
        HttpScope seen = new HttpScopeWrapper(HttpScope.builder().target("/x").build()) {
            @Override
            public String scheme() {
                return "https";
            }
        };

        assertThat(seen.scheme()).isEqualTo("https");
        assertThat(seen.path()).isEqualTo("/x");
        assertThat(seen.withRootPath("/x").scheme()).isEqualTo("https");
    }

    @Test
    void aMountedLifespanHasAnotherRootPathAndNothingElse() {
        LifespanScope scope = LifespanScope.of(Map.of("colour", "blue"));
        LifespanScope mounted = scope.withRootPath("/shop");
        assertThat(scope.rootPath()).isEmpty();
        assertThat(mounted.rootPath()).isEqualTo("/shop");
        assertThat(mounted.settings()).isEqualTo(scope.settings());
        assertThat(mounted.state()).isSameAs(scope.state());
        assertThat(mounted).hasToString("lifespan [colour] at /shop");
        assertThatThrownBy(() -> scope.withRootPath("shop/"))
                .hasMessage("rootPath: shop/ (expected: empty, or begins with / and does not end with it)");
    }

    @Test
    void theSettingsOfALifespanAreACopyAndItsTextHidesTheValues() {
        Map<String, String> settings = new HashMap<>(Map.of("password", "secret"));
        LifespanScope scope = LifespanScope.of(settings);
        settings.clear();

        assertThat(scope.settings()).containsEntry("password", "secret");
        assertThat(scope.toString()).contains("password").doesNotContain("secret");
        assertThat(scope.state()).isSameAs(scope.state());
    }
}
