package io.asyncgateway.server;

import static io.asyncgateway.server.ForwardedHeader.FORWARDED;
import static io.asyncgateway.server.ForwardedHeader.X_FORWARDED_FOR;
import static io.asyncgateway.server.ForwardedHeader.X_FORWARDED_HOST;
import static io.asyncgateway.server.ForwardedHeader.X_FORWARDED_PREFIX;
import static io.asyncgateway.server.ForwardedHeader.X_FORWARDED_PROTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.ProxyInfo;
import io.asyncgateway.api.ProxyInfo.Fact;
import io.asyncgateway.api.ProxyInfo.Source;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed of the fields of a request, and what is not. */
class ForwardingTest {
    private static final InetSocketAddress PEER = new InetSocketAddress("10.0.0.1", 4000);
    private static final InetSocketAddress LOCAL = new InetSocketAddress("10.0.0.9", 8000);
    private static final Set<ForwardedHeader> ALL_X =
            Set.of(X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST, X_FORWARDED_PREFIX);

    private static ProxyOptions trusting(String... entries) {
        return ProxyOptions.defaults()
                .withForwardedAllowIps(TrustedProxies.of(entries))
                .withForwardedHeaders(ALL_X);
    }

    private static ProxyOptions forwarded() {
        return trusting("10.0.0.0/8").withForwardedHeaders(Set.of(FORWARDED, X_FORWARDED_PREFIX));
    }

    private static Addresses resolve(ProxyOptions options, String... fields) throws HttpFailure {
        return resolve(options, null, fields);
    }

    private static Addresses resolve(ProxyOptions options, ProxyHeader header, String... fields) throws HttpFailure {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return PEER;
            }

            @Override
            protected SocketAddress localAddress0() {
                return LOCAL;
            }
        };
        channel.attr(ProxyHeader.KEY).set(header);
        Forwarding forwarding = new Forwarding(options);
        Addresses addresses = forwarding.of(Addresses.of(channel, forwarding), Headers.of(fields));
        channel.finishAndReleaseAll();
        return addresses;
    }

    private static String client(Addresses addresses) {
        return addresses.client() instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : String.valueOf(addresses.client());
    }

    private static void refused(ProxyOptions options, String... fields) {
        assertThatThrownBy(() -> resolve(options, fields))
                .isInstanceOfSatisfying(HttpFailure.class, failure -> assertThat(failure.status())
                        .isEqualTo(400));
    }

    // ------------------------------------------------------------------------------------------------ who is believed

    @Test
    void nobodyIsBelievedByDefault() throws Exception {
        Addresses addresses = resolve(ProxyOptions.defaults(), "x-forwarded-for", "192.0.2.1");

        assertThat(addresses.client()).isEqualTo(PEER);
        assertThat(addresses.proxy()).isNull();
    }

    @Test
    void aPeerThatIsNotTrustedIsNotBelievedAndNotRefused() throws Exception {
        Addresses addresses =
                resolve(trusting("10.0.0.2"), "x-forwarded-for", "\"", "x-forwarded-proto", "https", "host", "a");

        assertThat(addresses.client()).isEqualTo(PEER);
        assertThat(addresses.server()).isEqualTo(LOCAL);
        assertThat(addresses.isSecure()).isFalse();
        assertThat(addresses.proxy()).isNull();
    }

    @Test
    void nothingIsBelievedWhereTheFieldsAreTurnedOff() throws Exception {
        assertThat(resolve(trusting("10.0.0.1").withHeaders(false), "x-forwarded-for", "192.0.2.1")
                        .proxy())
                .isNull();
    }

    @Test
    void aTrustedPeerThatTellsNothingIsTheClient() throws Exception {
        Addresses addresses = resolve(trusting("10.0.0.1"), "host", "a", "x-forwarded-for", " , ");

        assertThat(addresses.client()).isEqualTo(PEER);
        assertThat(addresses.proxy()).isNull();
    }

    @Test
    void aFieldThatIsNotNamedIsTheClientsAndIgnored() throws Exception {
        ProxyOptions defaults = ProxyOptions.defaults().withForwardedAllowIps(TrustedProxies.of("10.0.0.1"));

        Addresses addresses = resolve(
                defaults,
                "x-forwarded-for",
                "192.0.2.1",
                "forwarded",
                "for=192.0.2.66;proto=\"",
                "x-forwarded-host",
                "evil",
                "x-forwarded-prefix",
                "/evil");

        assertThat(client(addresses)).isEqualTo("192.0.2.1:0");
        assertThat(addresses.rootPath()).isNull();
        assertThat(addresses.proxy().believed()).isEqualTo(Map.of(Fact.CLIENT, Source.X_FORWARDED));
        assertThat(resolve(forwarded(), "forwarded", "for=192.0.2.1", "x-forwarded-for", "192.0.2.66")
                        .client())
                .isEqualTo(new InetSocketAddress("192.0.2.1", 0));
    }

    // ------------------------------------------------------------------------------------------------ the client

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.1 | 192.0.2.1:0",
                "192.0.2.1:99 | 192.0.2.1:99",
                "[2001:db8::1]:99 | 2001:db8:0:0:0:0:0:1:99",
                // The client wrote the first, the proxy the last.
                "1.1.1.1, 192.0.2.1 | 192.0.2.1:0",
                "evil\", 192.0.2.1 | 192.0.2.1:0",
                // Two trusted proxies.
                "1.1.1.1, 192.0.2.1, 10.0.0.2 | 192.0.2.1:0",
                "192.0.2.1 , 10.0.0.3,10.0.0.2 | 192.0.2.1:0",
                // A trusted address that the client made up is not reached.
                "10.0.0.2, 192.0.2.1 | 192.0.2.1:0",
                "192.0.2.1, , | 192.0.2.1:0",
                // All of the network: the first of them.
                "10.0.0.3, 10.0.0.2 | 10.0.0.3:0"
            })
    void theClientIsTheRightMostHopThatIsNotTrusted(String chain, String client) throws Exception {
        Addresses addresses = resolve(trusting("10.0.0.0/8"), "x-forwarded-for", chain);

        assertThat(client(addresses)).isEqualTo(client);
        assertThat(addresses.proxy().peer()).isEqualTo(PEER);
        assertThat(addresses.proxy().local()).isEqualTo(LOCAL);
        assertThat(addresses.proxy().believed()).isEqualTo(Map.of(Fact.CLIENT, Source.X_FORWARDED));
    }

    @Test
    void severalFieldsAreOneChain() throws Exception {
        Addresses addresses = resolve(
                trusting("10.0.0.0/8"), "x-forwarded-for", "192.0.2.66", "x-forwarded-for", "192.0.2.1, 10.0.0.2");

        assertThat(client(addresses)).isEqualTo("192.0.2.1:0");
    }

    @Test
    void theAsteriskBelievesTheLastHopAlone() throws Exception {
        assertThat(client(resolve(trusting("*"), "x-forwarded-for", "192.0.2.66, 192.0.2.1")))
                .isEqualTo("192.0.2.1:0");
        assertThat(client(resolve(trusting("*", "10.0.0.0/8"), "x-forwarded-for", "192.0.2.66, 192.0.2.1, 10.0.0.2")))
                .isEqualTo("192.0.2.1:0");
    }

    @Test
    void aHopOverAUnixSocketIsTrustedWithUnix() throws Exception {
        assertThat(client(resolve(trusting("10.0.0.1", "unix"), "x-forwarded-for", "192.0.2.1, unix:")))
                .isEqualTo("192.0.2.1:0");
        assertThat(resolve(trusting("10.0.0.1"), "x-forwarded-for", "192.0.2.1, unix:")
                        .client())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "_hidden"})
    void aClientThatTheProxyHidesHasNoAddress(String name) throws Exception {
        Addresses addresses = resolve(trusting("10.0.0.0/8"), "x-forwarded-for", "192.0.2.1, " + name + ", 10.0.0.2");

        assertThat(addresses.client()).isNull();
        assertThat(addresses.proxy().node()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1, evil", "localhost", "192.0.2.1, 10.0.0.2x", "192.0.2.1;", "x, 10.0.0.2"})
    void aHopThatATrustedProxyNamesMustBeOne(String chain) {
        refused(trusting("10.0.0.0/8"), "x-forwarded-for", chain);
    }

    @Test
    void aChainOfTrustedProxiesHasAnEnd() throws Exception {
        String longest = "192.0.2.1" + ", 10.0.0.2".repeat(Forwarding.MAX_HOPS - 1);

        assertThat(client(resolve(trusting("10.0.0.0/8"), "x-forwarded-for", longest)))
                .isEqualTo("192.0.2.1:0");
        refused(trusting("10.0.0.0/8"), "x-forwarded-for", "192.0.2.1, " + longest.replace("192.0.2.1", "10.0.0.2"));
        assertThat(client(resolve(trusting("10.0.0.1"), "x-forwarded-for", "1.1.1.1, ".repeat(999) + "192.0.2.1")))
                .isEqualTo("192.0.2.1:0");
    }

    // ------------------------------------------------------------------------------------------------ scheme and host

    @ParameterizedTest
    @CsvSource({"https, true", "HTTPS, true", "wss, true", "http, false", "ws, false"})
    void theSchemeIsTold(String proto, boolean secure) throws Exception {
        Addresses addresses = resolve(trusting("10.0.0.1"), "x-forwarded-proto", proto);

        assertThat(addresses.isSecure()).isEqualTo(secure);
        assertThat(addresses.tls()).isNull();
        assertThat(addresses.client()).isEqualTo(PEER);
        assertThat(addresses.proxy().believed()).isEqualTo(Map.of(Fact.SCHEME, Source.X_FORWARDED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp", "https;", "http s", "\"https\""})
    void aSchemeThatIsNoneIsRefused(String proto) {
        refused(trusting("10.0.0.1"), "x-forwarded-proto", proto);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // One for each hop: that of the client.
                "192.0.2.1, 10.0.0.2 | https, http | true",
                "1.1.1.1, 192.0.2.1, 10.0.0.2 | http, https, http | true",
                "1.1.1.1, 192.0.2.1 | https, http | false",
                // One for all, as the proxy that terminates TLS has set it.
                "192.0.2.1, 10.0.0.2 | https | true",
                // What the client wrote before is not the proxy's.
                "192.0.2.1 | https, http | false"
            })
    void theSchemeIsThatOfTheClient(String chain, String proto, boolean secure) throws Exception {
        assertThat(resolve(trusting("10.0.0.0/8"), "x-forwarded-for", chain, "x-forwarded-proto", proto)
                        .isSecure())
                .isEqualTo(secure);
    }

    @Test
    void theHostThatTheClientAskedForComesInTheHostField() throws Exception {
        Headers received = Headers.of("host", "inner:8000", "accept", "*/*", "x-forwarded-host", "example.com:8443");
        Addresses addresses = resolve(
                trusting("10.0.0.1"), "host", "inner:8000", "accept", "*/*", "x-forwarded-host", "example.com:8443");

        assertThat(addresses.headers(received))
                .containsExactly(
                        Map.entry("host", "example.com:8443"),
                        Map.entry("accept", "*/*"),
                        Map.entry("x-forwarded-host", "example.com:8443"));
        assertThat(addresses.proxy().host()).isEqualTo("inner:8000");
        assertThat(addresses.proxy().believed()).isEqualTo(Map.of(Fact.HOST, Source.X_FORWARDED));
    }

    @Test
    void aRequestWithoutHostGetsTheOneThatWasTold() throws Exception {
        Addresses addresses = resolve(trusting("10.0.0.1"), "x-forwarded-host", "example.com");

        assertThat(addresses.headers(Headers.of("a", "b")))
                .containsExactly(Map.entry("host", "example.com"), Map.entry("a", "b"));
        assertThat(addresses.proxy().host()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "user@a", "a:99999", "[::1", "\u00e4"})
    void aHostThatIsNoneIsRefused(String host) {
        refused(trusting("10.0.0.1"), "x-forwarded-host", host);
    }

    // ------------------------------------------------------------------------------------------------ the prefix

    @ParameterizedTest
    @CsvSource({"/api, /api", "/api/, /api", "/a/b-c_d.e~f//, /a/b-c_d.e~f", "/, ''"})
    void thePrefixThatTheProxyTookOffIsTheRootPath(String told, String rootPath) throws Exception {
        Addresses addresses = resolve(trusting("10.0.0.1"), "x-forwarded-prefix", told);

        assertThat(addresses.rootPath()).isEqualTo(rootPath);
        assertThat(addresses.proxy().believed()).isEqualTo(Map.of(Fact.ROOT_PATH, Source.X_FORWARDED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"api", "//evil.example", "/a//b", "/a/../b", "/.", "/a?b", "/a%2fb", "/a b", "/a, /b", "http://a"
            })
    void aPrefixThatIsNotPlainIsRefused(String prefix) {
        refused(trusting("10.0.0.1"), "x-forwarded-prefix", prefix);
    }

    @Test
    void twoPrefixesAreRefused() {
        refused(trusting("10.0.0.1"), "x-forwarded-prefix", "/a", "x-forwarded-prefix", "/b");
    }

    // ------------------------------------------------------------------------------------------------ Forwarded

    @Test
    void forwardedTellsAllInOne() throws Exception {
        Addresses addresses = resolve(
                forwarded(),
                "host",
                "inner",
                "forwarded",
                "for=1.1.1.1;proto=http;host=evil, for=\"[2001:db8::1]:99\";proto=https;host=\"example.com:8443\","
                        + " for=10.0.0.2;proto=http;host=middle",
                "x-forwarded-prefix",
                "/api");

        assertThat(client(addresses)).isEqualTo("2001:db8:0:0:0:0:0:1:99");
        assertThat(addresses.isSecure()).isTrue();
        assertThat(addresses.headers(Headers.of("host", "inner")).first("host")).isEqualTo("example.com:8443");
        assertThat(addresses.rootPath()).isEqualTo("/api");
        assertThat(addresses.proxy().believed())
                .isEqualTo(Map.of(
                        Fact.CLIENT, Source.FORWARDED,
                        Fact.SCHEME, Source.FORWARDED,
                        Fact.HOST, Source.FORWARDED,
                        Fact.ROOT_PATH, Source.X_FORWARDED));
    }

    @Test
    void aHopThatIsNotNamedEndsTheChain() throws Exception {
        Addresses unnamed = resolve(forwarded(), "forwarded", "for=192.0.2.66;proto=http, proto=https");
        Addresses behind = resolve(forwarded(), "forwarded", "for=192.0.2.66, proto=https, for=10.0.0.2");

        assertThat(unnamed.client()).isEqualTo(PEER);
        assertThat(unnamed.isSecure()).isTrue();
        assertThat(client(behind)).isEqualTo("10.0.0.2:0");
        assertThat(behind.isSecure()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for=evil",
                "for=192.0.2.1;proto=ftp",
                "for=192.0.2.1;host=\"a b\"",
                "for=192.0.2.1;host=\"\"",
                // The quote that a client left open would take in what the proxy adds.
                "for=\"evil, for=192.0.2.1"
            })
    void whatIsMalformedInForwardedIsRefused(String field) {
        refused(forwarded(), "forwarded", field);
    }

    // ------------------------------------------------------------------------------------------------ PROXY protocol

    private static ProxyHeader told(SocketAddress source, boolean secure) {
        return new ProxyHeader(ProxyHeader.Kind.TOLD, source, new InetSocketAddress("192.0.2.80", 443), secure);
    }

    @Test
    void theAddressesOfThePROXYHeaderAreThoseOfTheConnection() throws Exception {
        Addresses addresses = resolve(trusting(), told(new InetSocketAddress("192.0.2.1", 99), true));

        assertThat(client(addresses)).isEqualTo("192.0.2.1:99");
        assertThat(addresses.server()).isEqualTo(new InetSocketAddress("192.0.2.80", 443));
        assertThat(addresses.isSecure()).isTrue();
        assertThat(addresses.proxy())
                .isEqualTo(new ProxyInfo(
                        PEER,
                        LOCAL,
                        null,
                        null,
                        Map.of(
                                Fact.CLIENT, Source.PROXY_PROTOCOL,
                                Fact.SERVER, Source.PROXY_PROTOCOL,
                                Fact.SCHEME, Source.PROXY_PROTOCOL)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "*"})
    void aClientBehindThePROXYProtocolIsNoProxyBecauseItsProxyIs(String trusted) throws Exception {
        Addresses addresses = resolve(
                trusting(trusted),
                told(new InetSocketAddress("192.0.2.1", 99), false),
                "x-forwarded-for",
                "192.0.2.66");

        assertThat(client(addresses)).isEqualTo("192.0.2.1:99");
    }

    @Test
    void aTrustedProxyBehindThePROXYProtocolIsBelieved() throws Exception {
        Addresses addresses = resolve(
                trusting("192.0.2.0/24"),
                told(new InetSocketAddress("192.0.2.1", 99), true),
                "x-forwarded-for",
                "203.0.113.1",
                "x-forwarded-proto",
                "http");

        assertThat(client(addresses)).isEqualTo("203.0.113.1:0");
        assertThat(addresses.isSecure()).isFalse();
        assertThat(addresses.proxy().peer()).isEqualTo(PEER);
        assertThat(addresses.proxy().believed())
                .isEqualTo(Map.of(
                        Fact.CLIENT, Source.X_FORWARDED,
                        Fact.SERVER, Source.PROXY_PROTOCOL,
                        Fact.SCHEME, Source.X_FORWARDED));
    }

    @Test
    void aConnectionOfTheProxyItselfIsItsOwn() throws Exception {
        Addresses addresses = resolve(trusting("10.0.0.1"), ProxyHeader.local(), "x-forwarded-for", "192.0.2.1");

        assertThat(client(addresses)).isEqualTo("192.0.2.1:0");
        assertThat(resolve(trusting(), ProxyHeader.local()).proxy()).isNull();
    }

    @Test
    void aClientOfWhichNothingIsToldIsNotBelieved() throws Exception {
        Addresses addresses =
                resolve(trusting("10.0.0.1"), ProxyHeader.unknown(false), "x-forwarded-for", "192.0.2.66");

        assertThat(addresses.client()).isEqualTo(PEER);
        assertThat(addresses.proxy()).isNull();
    }

    @Test
    void aClientOnAUnixSocketIsTold() throws Exception {
        assertThat(resolve(trusting(), told(UnixDomainSocketAddress.of("/run/a"), false))
                        .client())
                .isEqualTo(UnixDomainSocketAddress.of("/run/a"));
    }
}
