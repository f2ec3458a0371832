package io.asyncgateway.server;

import static io.asyncgateway.server.Waiting.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.ProxyInfo;
import io.asyncgateway.api.RequestScope;
import io.asyncgateway.api.WebSocketEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proxy tells, over real sockets: fields of requests, and the header of the PROXY protocol before whatever else is spoken. */
class ProxyServerTest {
    private static final String PROXY = "PROXY TCP4 192.0.2.1 192.0.2.80 56324 443\r\n";
    private static final String GET = "GET /a HTTP/1.1\r\nHost: inner\r\n\r\n";

    private static final Application APPLICATION = Applications.builder()
            .http((scope, receive, send) -> Http.respond(send, 200, describe(scope)))
            .webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                    .then(send.send(WebSocketEvent.Send.text(describe(scope))))
                    .then(send.send(new WebSocketEvent.Close())))
            .build();

    private static String describe(RequestScope scope) {
        ProxyInfo proxy = scope.proxy();
        return scope.scheme() + " " + address(scope.client()) + " "
                + scope.headers().first("host") + " [" + scope.rootPath() + "]" + scope.localPath() + " "
                + (proxy == null ? "direct" : proxy.believed().keySet().size());
    }

    private static String address(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : String.valueOf(address);
    }

    private static UnaryOperator<ServerConfig> proxies(UnaryOperator<ProxyOptions> change) {
        return config -> config.withProxies(change.apply(config.proxies()));
    }

    private static UnaryOperator<ServerConfig> protocol(String... from) {
        return proxies(proxies -> proxies.withProtocol(ProxyProtocol.ON).withProxyAllowFrom(TrustedProxies.of(from)));
    }

    private static UnaryOperator<ServerConfig> fields(String... from) {
        return proxies(proxies -> proxies.withForwardedAllowIps(TrustedProxies.of(from))
                .withForwardedHeaders(Set.of(
                        ForwardedHeader.X_FORWARDED_FOR,
                        ForwardedHeader.X_FORWARDED_PROTO,
                        ForwardedHeader.X_FORWARDED_HOST,
                        ForwardedHeader.X_FORWARDED_PREFIX)));
    }

    // ------------------------------------------------------------------------------------------------ fields

    private static final String FORWARDED = """
            GET /a HTTP/1.1
            Host: inner
            X-Forwarded-For: 192.0.2.66, 192.0.2.1
            X-Forwarded-Proto: https
            X-Forwarded-Host: example.com
            X-Forwarded-Prefix: /api

            """;

    @Test
    void aTrustedProxyIsBelievedForEachRequestOfItsConnection() {
        try (TestServer server = TestServer.start(APPLICATION, fields("127.0.0.0/8"));
                RawClient client = server.client()) {
            assertThat(client.send(FORWARDED).read().text()).isEqualTo("https 192.0.2.1 example.com [/api]/a 4");
            assertThat(client.sendExactly(GET).read().text()).isEqualTo("http 127.0.0.1 inner []/a direct");
            assertThat(client.send(FORWARDED.replace("192.0.2.1", "192.0.2.2"))
                            .read()
                            .text())
                    .isEqualTo("https 192.0.2.2 example.com [/api]/a 4");
        }
    }

    @Test
    void anybodyElseIsNot() {
        try (TestServer server = TestServer.start(APPLICATION, fields("10.0.0.0/8", "unix"));
                RawClient client = server.client()) {
            assertThat(client.send(FORWARDED).read().text()).isEqualTo("http 127.0.0.1 inner []/a direct");
        }
    }

    @Test
    void whatATrustedProxyTellsWronglyIsRefusedAndTheConnectionGoesOn() {
        try (TestServer server = TestServer.start(APPLICATION, fields("127.0.0.1"));
                RawClient client = server.client()) {
            assertThat(client.send(FORWARDED.replace("192.0.2.1", "evil"))
                            .read()
                            .status())
                    .isEqualTo(400);
            assertThat(client.send(FORWARDED).read().status()).isEqualTo(200);
        }
    }

    @Test
    void theToldPrefixComesInThePlaceOfTheConfiguredOne() {
        try (TestServer server = TestServer.start(APPLICATION, config -> fields("127.0.0.1")
                        .apply(config.withHttp(config.http().withRootPath("/set"))));
                RawClient client = server.client()) {
            assertThat(client.send(FORWARDED).read().text()).contains("[/api]/a");
            assertThat(client.sendExactly(GET).read().text()).contains("[/set]/a");
        }
    }

    @Test
    void aWebSocketIsToldToo() {
        try (TestServer server = TestServer.start(APPLICATION, fields("127.0.0.1"));
                RawClient client = server.client()) {
            client.send(FORWARDED.strip() + "\n" + UPGRADE);
            assertThat(client.read().status()).isEqualTo(101);
            assertThat(message(client)).isEqualTo("wss 192.0.2.1 example.com [/api]/a 4");
            client.send(ClientFrames.close(1000, "").bytes());
            client.readToEndOrReset();
        }
    }

    private static final String UPGRADE = """
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """;

    /** A short message of text. */
    private static String message(RawClient client) {
        byte[] frame = new byte[200];
        int length = 0;
        while (length < 2 || length < 2 + frame[1]) {
            byte[] some = new byte[200];
            int count = client.readSome(some);
            System.arraycopy(some, 0, frame, length, count);
            length += count;
        }
        return new String(frame, 2, frame[1], ISO_8859_1);
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "AUTO"})
    void aPeerOnAUnixSocketIsTrustedAsUnix(Transport transport, @TempDir Path folder) {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
        UnaryOperator<ServerConfig> unix = config -> fields("unix")
                .apply(config.withAddresses(List.of(address))
                        .withTransport(config.transport().withTransport(transport)));
        try (TestServer server = TestServer.start(APPLICATION, unix);
                RawClient client = server.client()) {
            assertThat(client.send(FORWARDED).read().text()).isEqualTo("https 192.0.2.1 example.com [/api]/a 4");
        }
        try (TestServer server = TestServer.start(
                        APPLICATION, config -> fields("0.0.0.0/0", "::/0").apply(unix.apply(config)));
                RawClient client = server.client()) {
            assertThat(client.send(FORWARDED).read().text()).isEqualTo("http null inner []/a direct");
        }
    }

    // ------------------------------------------------------------------------------------------------ PROXY protocol

    @Test
    void aConnectionBeginsWithAHeader() {
        try (TestServer server = TestServer.start(APPLICATION, protocol("127.0.0.1"));
                RawClient client = server.client()) {
            client.sendExactly(PROXY + GET + GET);
            assertThat(client.read().text()).isEqualTo("http 192.0.2.1 inner []/a 2");
            assertThat(client.read().text()).isEqualTo("http 192.0.2.1 inner []/a 2");
            assertThat(client.sendExactly(GET).read().text()).isEqualTo("http 192.0.2.1 inner []/a 2");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "AUTO"})
    void theHeaderMayComeOctetByOctet(Transport transport) {
        try (TestServer server = TestServer.start(APPLICATION, config -> protocol("127.0.0.1")
                        .apply(config.withTransport(config.transport().withTransport(transport))));
                RawClient client = server.client()) {
            for (char octet : (PROXY + GET).toCharArray()) {
                client.sendExactly(String.valueOf(octet));
            }
            assertThat(client.read().text()).isEqualTo("http 192.0.2.1 inner []/a 2");
        }
    }

    @Test
    void aConnectionWithoutAHeaderIsClosedWithoutAnAnswer() {
        try (TestServer server = TestServer.start(APPLICATION, protocol("127.0.0.1"));
                RawClient client = server.client()) {
            client.sendExactly("G");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PROXY, "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\f\1\2\3\4\1\2\3\4\1\2\1\2"})
    void aHeaderOfSomebodyElseIsNoRequest(String header) {
        try (TestServer server = TestServer.start(APPLICATION, protocol("10.0.0.1"));
                RawClient client = server.client()) {
            assertThat(client.sendExactly(header + GET).read().status()).isEqualTo(400);
            client.readToEndOrReset();
            assertThat(server.get("/a").text()).isEqualTo("http 127.0.0.1 test []/a direct");
        }
    }

    @Test
    void aHeaderIsNoRequestWhereTheProtocolIsOff() {
        try (TestServer server = TestServer.start(APPLICATION);
                RawClient client = server.client()) {
            assertThat(client.sendExactly(PROXY + GET).read().status()).isEqualTo(400);
            client.readToEndOrReset();
        }
    }

    @Test
    void aClientThatEndsWithinTheHeaderIsClosed() {
        try (TestServer server = TestServer.start(APPLICATION, protocol("*"));
                RawClient client = server.client()) {
            assertThat(client.sendExactly("PROXY TCP4").halfClose().readToEnd()).isEmpty();
        }
    }

    @Test
    void aShutdownClosesAConnectionThatIsStillInItsHeader() {
        try (TestServer server = TestServer.start(APPLICATION, protocol("*"));
                RawClient client = server.client()) {
            client.sendExactly("PROXY TCP4");
            await().until(() -> server.running().connections() == 1);
            server.running().shutdown().block(Waiting.PATIENCE);
            client.readToEndOrReset();
        }
    }

    @Test
    void tlsAndItsRequestsComeBehindTheHeader(@TempDir Path folder) throws Exception {
        Tls tls = Tls.of(
                List.of(TestCertificates.write(folder, "a", TestCertificates.issue(TestCertificates.server("a")))));
        try (TestServer server = TestServer.start(
                        APPLICATION, config -> protocol("127.0.0.1").apply(config.withTls(tls)));
                Socket transport = new Socket("127.0.0.1", server.port())) {
            transport.getOutputStream().write(PROXY.getBytes(ISO_8859_1));
            try (SSLSocket socket = (SSLSocket) TestCertificates.clientContext()
                    .getSocketFactory()
                    .createSocket(transport, "127.0.0.1", server.port(), true)) {
                socket.setSoTimeout((int) Waiting.PATIENCE.toMillis());
                socket.getOutputStream()
                        .write(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
                                .getBytes(ISO_8859_1));
                assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                        .endsWith("https 192.0.2.1 inner []/a 2");
            }
        }
    }

    @Test
    void theAccessLogKnowsTheClient() throws Exception {
        BlockingQueue<AccessLog.Entry> entries = new LinkedBlockingQueue<>();
        try (TestServer server = TestServer.start(
                        APPLICATION, config -> protocol("127.0.0.1").apply(config.withAccessLog(entries::add)));
                RawClient client = server.client()) {
            client.sendExactly(PROXY + GET).read();
            AccessLog.Entry entry = entries.poll(10, TimeUnit.SECONDS);
            assertThat(address(entry.scope().client())).isEqualTo("192.0.2.1");
            assertThat(address(entry.scope().proxy().peer())).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void aProtocolThatNobodyMaySpeakFailsTheStart() {
        assertThatThrownBy(() -> TestServer.start(APPLICATION, protocol()))
                .isInstanceOf(ServerException.class)
                .hasMessageStartingWith("proxyAllowFrom: none (expected: ");
    }

    // ------------------------------------------------------------------------------------------------ without a socket

    @Test
    void aHeaderMustBeCompleteInTime() {
        MockTicker time = Ticker.newMockTicker();
        EmbeddedChannel channel = EmbeddedChannel.builder()
                .ticker(time)
                .handlers(new ProxyProtocolHandler(
                        ProxyProtocol.ON, Timeouts.defaults().withRequestHead(Duration.ofSeconds(10)), new Seldom()))
                .build();
        ByteBuf begun = Unpooled.copiedBuffer("PROXY TC", ISO_8859_1);

        time.advance(9, TimeUnit.SECONDS);
        channel.writeInbound(begun);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        time.advance(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();

        assertThat(channel.isOpen()).isFalse();
        assertThat(begun.refCnt()).isZero();
    }

    @Test
    void whatComesBehindTheHeaderGoesOnAndTheHandlerLeaves() {
        EmbeddedChannel channel =
                new EmbeddedChannel(new ProxyProtocolHandler(ProxyProtocol.ON, Timeouts.defaults(), new Seldom()));

        assertThat(channel.writeInbound(Unpooled.copiedBuffer(PROXY, ISO_8859_1)))
                .isFalse();
        assertThat(channel.pipeline().get(ProxyProtocolHandler.class)).isNull();
        assertThat(channel.attr(ProxyHeader.KEY).get().source()).isEqualTo(new InetSocketAddress("192.0.2.1", 56324));
        channel.writeInbound(Unpooled.copiedBuffer(PROXY, ISO_8859_1));
        ByteBuf rest = channel.readInbound();
        assertThat(rest.toString(ISO_8859_1)).isEqualTo(PROXY);
        rest.release();
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void whatIsWrongIsWarnedOfButNotEachTime() {
        Seldom seldom = new Seldom();

        assertThat(seldom.isTime()).isTrue();
        assertThat(seldom.isTime()).isFalse();
    }
}
