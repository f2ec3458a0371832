package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/3 as a real client speaks it: Netty's own codec of HTTP/3, of which the server uses nothing but QUIC. */
class Http3ServerTest {
    private static final Application APPLICATION = Applications.builder()
            .http((scope, receive, send) -> switch (scope.localPath()) {
                case "/echo" -> Http.stream(send, new ResponseStart(200), Http.body(receive));
                default ->
                    Http.respond(
                            send,
                            200,
                            scope.httpVersion() + " " + scope.method() + " " + scope.target() + " "
                                    + scope.headers().first("host") + " " + scope.scheme() + " "
                                    + scope.tls().version() + " " + scope.tls().serverName());
            })
            .build();

    @TempDir
    static Path folder;

    /** What came back: status and body. */
    private record Answer(String status, String body) {}

    private static final class Collector extends Http3RequestStreamInboundHandler {
        private final ByteBuf body = Unpooled.buffer();
        private final CompletableFuture<Answer> answer;
        private String status = "";

        Collector(CompletableFuture<Answer> answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
            if (status.isEmpty()) {
                status = frame.headers().status().toString();
            }
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
            body.writeBytes(frame.content());
            frame.release();
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext ctx) {
            answer.complete(new Answer(status, body.toString(UTF_8)));
            ctx.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            answer.completeExceptionally(cause);
        }
    }

    private static Answer exchange(TestServer server, String method, String target, String body) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, (java.util.concurrent.ThreadFactory) Thread::new, NioIoHandler.newFactory());
        try {
            QuicSslContext trust = Http3Client.trusting();
            Channel socket = new Bootstrap()
                    .group(group)
                    .channel(NioDatagramChannel.class)
                    .handler(Http3.newQuicClientCodecBuilder()
                            .sslEngineProvider(q -> trust.newEngine(q.alloc(), "my.localhost", server.port()))
                            .maxIdleTimeout(10, TimeUnit.SECONDS)
                            .initialMaxData(10_000_000)
                            .initialMaxStreamDataBidirectionalLocal(1_000_000)
                            .build())
                    .bind(0)
                    .sync()
                    .channel();
            QuicChannel connection = QuicChannel.newBootstrap(socket)
                    .handler(new Http3ClientConnectionHandler())
                    .remoteAddress(server.http3Address())
                    .connect()
                    .get(10, TimeUnit.SECONDS);
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            QuicStreamChannel stream =
                    Http3.newRequestStream(connection, new Collector(answer)).get(10, TimeUnit.SECONDS);
            Http3Headers headers = new io.netty.handler.codec.http3.DefaultHttp3Headers()
                    .method(method)
                    .path(target)
                    .authority("localhost")
                    .scheme("https");
            stream.writeAndFlush(new DefaultHttp3HeadersFrame(headers));
            if (body != null) {
                stream.writeAndFlush(new DefaultHttp3DataFrame(Unpooled.copiedBuffer(body, UTF_8)))
                        .sync();
            }
            stream.shutdownOutput().sync();
            Answer received = answer.get(10, TimeUnit.SECONDS);
            connection.close(true, 0x100, Unpooled.EMPTY_BUFFER).sync();
            socket.close().sync();
            return received;
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void nettysClientIsServedOverHttp3() throws Exception {
        try (TestServer server = TestServer.startHttp3(APPLICATION)) {
            Answer answer = exchange(server, "GET", "/a?b", null);
            assertThat(answer.status()).isEqualTo("200");
            assertThat(answer.body()).isEqualTo("HTTP/3 GET /a?b localhost https TLSv1.3 my.localhost");
        }
    }

    @Test
    void aLargeBodyComesAndGoes() throws Exception {
        String body = "0123456789".repeat(100_000);
        try (TestServer server = TestServer.startHttp3(APPLICATION)) {
            Answer answer = exchange(server, "POST", "/echo", body);
            assertThat(answer.status()).isEqualTo("200");
            assertThat(answer.body()).isEqualTo(body);
        }
    }

    @Test
    void whoComesOverTcpIsToldOfHttp3() throws Exception {
        try (TestServer server = TestServer.startHttp3(APPLICATION)) {
            for (HttpClient.Version version : HttpClient.Version.values()) {
                HttpClient client = HttpClient.newBuilder()
                        .version(version)
                        .sslContext(TestCertificates.clientContext())
                        .build();
                URI target = URI.create("https://localhost:" + server.port() + "/");
                HttpResponse<String> response =
                        client.send(HttpRequest.newBuilder(target).build(), HttpResponse.BodyHandlers.ofString());
                assertThat(response.headers().allValues("alt-svc"))
                        .containsExactly("h3=\":" + server.port() + "\"; ma=86400");
            }
            server.running().force().block(Waiting.PATIENCE);
        }
    }

    @ParameterizedTest
    @EnumSource(value = ClientAuthentication.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void clientsThatMustShowACertificateAreNotLetInWithoutOneByQuic(ClientAuthentication authentication) {
        Path authorities = TestCertificates.writeAuthority(folder);
        ServerConfig defaults = TestServer.withHttp3(TestServer.config());
        ServerConfig config = defaults.withTls(
                defaults.tls().withCertificateAuthorities(authorities).withClientAuthentication(authentication));
        assertThatThrownBy(() -> Server.of(APPLICATION, config).start().block())
                .isInstanceOf(ServerException.class)
                .hasMessage("http3: client authentication " + authentication
                        + " (expected: NONE; client certificates are for TCP alone)");
    }
}
