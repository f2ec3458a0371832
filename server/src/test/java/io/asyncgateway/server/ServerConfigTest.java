package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Headers;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ServerConfigTest {
    private static final Tls TLS = Tls.of(Path.of("a"), Path.of("b"));
    private static final Limits LIMITS = Limits.defaults();
    private static final Timeouts TIMEOUTS = Timeouts.defaults();
    private static final HttpOptions HTTP = HttpOptions.defaults();
    private static final TransportOptions TRANSPORT = TransportOptions.defaults();
    private static final ProxyOptions PROXIES = ProxyOptions.defaults();

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("requestLine: 63 (expected: 64-1048576)", () -> LIMITS.withRequestLine(63)),
                wrong("headerSection: 63 (expected: ", () -> LIMITS.withHeaderSection(63)),
                wrong("headerFields: 0 (expected: ", () -> LIMITS.withHeaderFields(0)),
                wrong("bodySize: -1 (expected: ", () -> LIMITS.withBodySize(-1)),
                wrong("unreadBody: -1 (expected: ", () -> LIMITS.withUnreadBody(-1)),
                wrong("inboundWindow: 1023 (expected: ", () -> LIMITS.withInboundWindow(1023)),
                wrong("outboundWindow: 1023 (expected: ", () -> LIMITS.withOutboundWindow(1023)),
                wrong("concurrentExchanges: 0 (expected: ", () -> LIMITS.withConcurrentExchanges(0)),
                wrong("connections: 0 (expected: ", () -> LIMITS.withConnections(0)),
                wrong("requestHead: PT0S (expected: more than 0", () -> TIMEOUTS.withRequestHead(Duration.ZERO)),
                wrong("bodyGap: PT-1S (expected: more than 0", () -> TIMEOUTS.withBodyGap(Duration.ofSeconds(-1))),
                wrong("responseGap: PT0S (expected: more than 0", () -> TIMEOUTS.withResponseGap(Duration.ZERO)),
                wrong("request: PT-1S (expected: 0 to", () -> TIMEOUTS.withRequest(Duration.ofSeconds(-1))),
                wrong("keepAlive: PT9600H (expected: ", () -> TIMEOUTS.withKeepAlive(Duration.ofDays(400))),
                wrong("halfClosed: PT0S (expected: more than 0", () -> TIMEOUTS.withHalfClosed(Duration.ZERO)),
                wrong("linger: PT0S (expected: more than 0", () -> TIMEOUTS.withLinger(Duration.ZERO)),
                wrong(
                        "disconnectGrace: PT-1S (expected: 0 to",
                        () -> TIMEOUTS.withDisconnectGrace(Duration.ofSeconds(-1))),
                wrong(
                        "gracefulShutdown: PT9600H (expected: ",
                        () -> TIMEOUTS.withGracefulShutdown(Duration.ofDays(400))),
                wrong("rootPath: a (expected: ", () -> HTTP.withRootPath("a")),
                wrong("rootPath: /a/ (expected: ", () -> HTTP.withRootPath("/a/")),
                wrong("rootPath: / (expected: ", () -> HTTP.withRootPath("/")),
                wrong("headers: content-length (expected: ", () -> HTTP.withHeaders(Headers.of("Content-Length", "1"))),
                wrong("headers: connection (expected: ", () -> HTTP.withHeaders(Headers.of("connection", "close"))),
                wrong("forwardedHeaders: none (expected: ", () -> PROXIES.withForwardedHeaders(Set.of())),
                wrong(
                        "forwardedHeaders: forwarded and x-forwarded-host (expected: ",
                        () -> PROXIES.withForwardedHeaders(
                                Set.of(ForwardedHeader.FORWARDED, ForwardedHeader.X_FORWARDED_HOST))),
                wrong("eventLoops: -1 (expected: ", () -> TRANSPORT.withEventLoops(-1)),
                wrong("backlog: 0 (expected: ", () -> TRANSPORT.withBacklog(0)),
                wrong("addresses: none (expected: at least one)", () -> ServerConfig.defaults()
                        .withAddresses(List.of())));
    }

    private static Arguments wrong(String message, ThrowingCallable change) {
        return Arguments.of(message, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void aValueThatMakesNoSenseIsToldWithWhatWasExpected(String message, ThrowingCallable change) {
        assertThatThrownBy(change).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }

    @Test
    void theBoundsThemselvesAreAllowed() {
        assertThatCode(() -> {
                    LIMITS.withRequestLine(64)
                            .withHeaderSection(64)
                            .withHeaderFields(1)
                            .withBodySize(0)
                            .withUnreadBody(0);
                    LIMITS.withInboundWindow(1024)
                            .withOutboundWindow(1024)
                            .withConcurrentExchanges(1)
                            .withConnections(1);
                    TIMEOUTS.withRequest(Duration.ZERO)
                            .withDisconnectGrace(Duration.ZERO)
                            .withGracefulShutdown(Duration.ZERO);
                    TIMEOUTS.withKeepAlive(Duration.ofDays(365));
                    HTTP.withRootPath("").withRootPath("/a/b");
                    TRANSPORT.withEventLoops(1024).withBacklog(65535);
                })
                .doesNotThrowAnyException();
    }

    /** Copies are written by hand, one argument behind the other, where two can be mixed up easily. */
    @ParameterizedTest
    @MethodSource("records")
    void aCopyDiffersInTheOneValueThatWasChanged(Record defaults, Record other) throws Exception {
        for (RecordComponent component : defaults.getClass().getRecordComponents()) {
            String name = component.getName();
            Method with = defaults.getClass()
                    .getMethod("with" + Character.toUpperCase(name.charAt(0)) + name.substring(1), component.getType());
            Record copy = (Record) with.invoke(defaults, component.getAccessor().invoke(other));
            for (RecordComponent each : defaults.getClass().getRecordComponents()) {
                Record expected = each.getName().equals(name) ? other : defaults;
                assertThat(each.getAccessor().invoke(copy))
                        .as("%s after with %s", each.getName(), name)
                        .isEqualTo(each.getAccessor().invoke(expected));
            }
        }
    }

    static Stream<Arguments> records() {
        return Stream.of(
                Arguments.of(LIMITS, new Limits(101, 102, 103, 104, 110, 111, 105, 10_006, 10_007, 108, 109)),
                Arguments.of(
                        TIMEOUTS,
                        new Timeouts(
                                Duration.ofHours(1),
                                Duration.ofHours(2),
                                Duration.ofHours(3),
                                Duration.ofHours(4),
                                Duration.ofHours(5),
                                Duration.ofHours(6),
                                Duration.ofHours(7),
                                Duration.ofHours(8),
                                Duration.ofHours(9))),
                Arguments.of(HTTP, new HttpOptions(false, false, Headers.of("a", "b"), "/r")),
                Arguments.of(
                        TLS,
                        new Tls(
                                List.of(TlsCertificate.of(Path.of("c"), Path.of("d"))),
                                TlsVersion.TLS_1_3,
                                List.of("TLS_AES_256_GCM_SHA384"),
                                ClientAuthentication.REQUIRED,
                                Path.of("e"),
                                TlsProvider.JDK,
                                Duration.ofHours(1),
                                Duration.ofHours(2))),
                Arguments.of(
                        PROXIES,
                        new ProxyOptions(
                                false,
                                TrustedProxies.of("10.0.0.0/8"),
                                Set.of(ForwardedHeader.FORWARDED),
                                ProxyProtocol.V1,
                                TrustedProxies.of("unix"))),
                Arguments.of(
                        TRANSPORT,
                        new TransportOptions(
                                Transport.NIO,
                                7,
                                8,
                                true,
                                UnixSocketOptions.defaults().withOwner("owner"))),
                Arguments.of(
                        UnixSocketOptions.defaults(),
                        new UnixSocketOptions(PosixFilePermissions.fromString("rw-rw----"), "owner", "group")),
                Arguments.of(
                        ServerConfig.defaults(),
                        new ServerConfig(
                                List.of(new java.net.InetSocketAddress(1)),
                                LIMITS.withHeaderFields(5),
                                TIMEOUTS.withKeepAlive(Duration.ofHours(1)),
                                HTTP.withRootPath("/r"),
                                Http2Options.defaults().withEnabled(false),
                                Http3Options.defaults().withEnabled(true),
                                WebSocketOptions.defaults().withCompression(false),
                                TRANSPORT.withEventLoops(3),
                                TLS,
                                PROXIES.withHeaders(false),
                                LifespanMode.OFF,
                                Map.of("a", "b"),
                                entry -> {})));
    }
}
