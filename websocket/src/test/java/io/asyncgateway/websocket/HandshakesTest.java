package io.asyncgateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.RequestScopeBuilder;
import io.asyncgateway.api.WebSocketScope;
import java.security.Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class HandshakesTest {
    private static HandshakeResult check(Handshake handshake, RequestScopeBuilder.ForWebSocket scope) {
        return handshake.check(scope.build()).block();
    }

    private static int status(HandshakeResult result) {
        return result instanceof HandshakeResult.Refuse refusal
                ? refusal.start().status()
                : 101;
    }

    @ParameterizedTest
    @CsvSource({
        "ws,  example.org,      http://example.org,       101",
        "ws,  example.org,      https://example.org,      101", // TLS ends at a proxy
        "wss, example.org,      https://example.org,      101",
        "wss, example.org,      http://example.org,       403",
        "ws,  Example.org,      http://example.ORG,       101",
        "ws,  example.org:8000, http://example.org:8000,  101",
        "ws,  example.org:80,   http://example.org,       101",
        "ws,  example.org,      http://example.org:80,    101",
        "wss, example.org:443,  https://example.org,      101",
        "ws,  example.org:8000, http://example.org,       403",
        "ws,  example.org,      http://example.org:8000,  403",
        "ws,  example.org,      http://evil.example.org,  403",
        "ws,  example.org,      http://example.org.evil,  403",
        "ws,  example.org,      http://evil/example.org,  403",
        "ws,  example.org,      http://user@example.org,  403",
        "ws,  example.org,      null,                     403",
        "ws,  example.org,      file://,                  403",
        "ws,  example.org,      ftp://example.org,        403",
    })
    void aPageOfTheSameHostIsLetInAndNoOther(String scheme, String host, String origin, int status) {
        assertThat(status(check(
                        Handshakes.sameOrigin(),
                        WebSocketScope.builder()
                                .scheme(scheme)
                                .header("host", host)
                                .header("origin", origin))))
                .isEqualTo(status);
    }

    @Test
    void aClientWithoutAnOriginIsNoPage() {
        RequestScopeBuilder.ForWebSocket scope = WebSocketScope.builder().header("host", "example.org");
        assertThat(status(check(Handshakes.sameOrigin(), scope))).isEqualTo(101);
        assertThat(status(check(Handshakes.allowedOrigins("https://example.org"), scope)))
                .isEqualTo(101);
    }

    @Test
    void twoOriginsAreRefused() {
        RequestScopeBuilder.ForWebSocket scope = WebSocketScope.builder()
                .header("host", "example.org")
                .header("origin", "http://example.org")
                .header("origin", "http://example.org");
        assertThat(status(check(Handshakes.sameOrigin(), scope))).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.org,      101",
        "HTTPS://EXAMPLE.ORG,      101",
        "http://localhost:3000,    101",
        "http://example.org,       403",
        "https://example.org:8443, 403",
        "https://a.example.org,    403",
        "null,                     403",
    })
    void onlyPagesOfAllowedOriginsAreLetIn(String origin, int status) {
        Handshake handshake = Handshakes.allowedOrigins("https://example.org", "http://localhost:3000");
        assertThat(status(check(handshake, WebSocketScope.builder().header("origin", origin))))
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "https://example.org/", "https://", "*", "https://a b"})
    void whatIsNoOriginIsNotAllowed(String origin) {
        assertThatThrownBy(() -> Handshakes.allowedOrigins(origin))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("origin: " + origin + " (expected: scheme://host or scheme://host:port, without a path)");
        assertThatThrownBy(Handshakes::allowedOrigins)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("origins: [] (expected: at least one)");
    }

    @Test
    void theFirstSubprotocolOfTheClientThatTheServiceSpeaksIsChosen() {
        Handshake handshake = Handshakes.subprotocols("chat.v1", "chat.v2");
        assertThat(check(handshake, WebSocketScope.builder().subprotocols("x", "chat.v2", "chat.v1")))
                .isEqualTo(HandshakeResult.accept().withSubprotocol("chat.v2"));
        assertThat(check(handshake, WebSocketScope.builder())).isEqualTo(HandshakeResult.accept());
        assertThat(status(check(handshake, WebSocketScope.builder().subprotocols("x"))))
                .isEqualTo(400);
    }

    @Test
    void aSubprotocolCanBeRequired() {
        Handshake handshake = Handshakes.requiredSubprotocol("chat");
        assertThat(check(handshake, WebSocketScope.builder().subprotocols("chat")))
                .isEqualTo(HandshakeResult.accept().withSubprotocol("chat"));
        assertThat(status(check(handshake, WebSocketScope.builder()))).isEqualTo(400);
    }

    @Test
    void ofTwoHandshakesBothMustAcceptAndWhatTheySetAddsUp() {
        Principal ada = () -> "ada";
        Principal bob = () -> "bob";
        Handshake first = scope -> Mono.just(HandshakeResult.accept()
                .withPrincipal(ada)
                .withSubprotocol("one")
                .withHeader("a", "1"));
        Handshake second =
                scope -> Mono.just(HandshakeResult.accept().withPrincipal(bob).withHeader("b", "2"));
        Handshake refuse = scope -> Mono.just(HandshakeResult.refuse(401, "no\n"));
        Handshake unreached = scope -> Mono.error(new AssertionError("asked"));

        assertThat(check(first.and(second), WebSocketScope.builder()))
                .isEqualTo(new HandshakeResult.Accept("one", bob, Headers.of("a", "1", "b", "2")));
        assertThat(check(second.and(first), WebSocketScope.builder()))
                .isEqualTo(new HandshakeResult.Accept("one", ada, Headers.of("b", "2", "a", "1")));
        assertThat(status(check(first.and(refuse), WebSocketScope.builder()))).isEqualTo(401);
        assertThat(status(check(refuse.and(unreached), WebSocketScope.builder())))
                .isEqualTo(401);
    }
}
