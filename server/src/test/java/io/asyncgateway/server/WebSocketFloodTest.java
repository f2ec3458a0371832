package io.asyncgateway.server;

import static io.asyncgateway.server.WebSocketDecoder.PING;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSockets;
import io.asyncgateway.api.testing.ConformanceClient;
import io.asyncgateway.api.testing.ConformanceClient.Message;
import io.asyncgateway.api.testing.ConformanceClient.Request;
import io.asyncgateway.api.testing.ConformanceClient.WebSocket;
import io.asyncgateway.api.testing.RawHttp1Client;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What a peer may do on a WebSocket, but not without end: it is told why it is closed, and others on its connection and beside it are served all the time. */
class WebSocketFloodTest {
    /** Frames that are certainly past every limit. */
    private static final int MANY = 1_500;

    private static final int MESSAGE = 1_000;
    private static final int FRAME = 64 * 1024;

    /** In octets; more than windows and kernels keep besides. */
    private static final int FAR_MORE_THAN_IS_THROWN_AWAY = 20 << 20;

    private static final int RSV1 = WebSocketDecoder.RSV1;

    private static final byte[] NOTHING = {};
    private static final byte[] OCTET = {'x'};

    /** 50 MB in one frame. */
    private static final byte[] BOMB = deflated(new byte[50_000_000]);

    private static final Application ECHO = Applications.builder()
            .webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                    .then(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Send(message)))))
            .build();

    private enum Protocol {
        HTTP_1_1 {
            @Override
            ConformanceClient connect(TestServer server) {
                return new RawHttp1Client(address(server));
            }
        },
        HTTP_2 {
            @Override
            ConformanceClient connect(TestServer server) {
                return new Http2ConformanceClient(() -> Http2Client.connect(address(server)));
            }
        },
        HTTP_3 {
            @Override
            ConformanceClient connect(TestServer server) {
                return new Http3ConformanceClient(() -> Http3Client.connect(server.http3Address()));
            }
        };

        abstract ConformanceClient connect(TestServer server);

        /** One beside another on the same connection, where a connection has streams. */
        ConformanceClient beside(ConformanceClient client, TestServer server) {
            return this == HTTP_1_1 ? connect(server) : client;
        }

        private static InetSocketAddress address(TestServer server) {
            return (InetSocketAddress) server.running().addresses().get(0);
        }
    }

    /**
     * @param frames how many are sent at most
     * @param code with which the WebSocket must be closed
     */
    private record Flood(String what, int frames, int code, Step step) {
        @Override
        public String toString() {
            return what;
        }
    }

    /** Sends a frame; they are counted from 0. */
    @FunctionalInterface
    private interface Step {
        void send(WebSocket webSocket, int frame) throws IOException;
    }

    static Stream<Arguments> floods() {
        return Arrays.stream(Protocol.values()).flatMap(protocol -> Stream.of(
                        new Flood("pings", MANY, 1008, (w, n) -> w.sendFrame(PING, true, OCTET)),
                        new Flood("empty fragments", MANY, 1008, (w, n) -> fragment(w, n, 0, NOTHING)),
                        new Flood("fragments of an octet", MANY, 1009, (w, n) -> fragment(w, n, 0, OCTET)),
                        new Flood("compression bombs", 5, 1009, (w, n) -> fragment(w, n, RSV1, BOMB)),
                        new Flood(
                                "a compression bomb in fragments of an octet",
                                MANY,
                                1009,
                                (w, n) -> fragment(w, n, RSV1, new byte[] {BOMB[n]})))
                .map(flood -> Arguments.of(protocol, flood)));
    }

    /** Of a message that never ends. */
    private static void fragment(WebSocket webSocket, int number, int reserved, byte[] payload) throws IOException {
        webSocket.sendFrame(number == 0 ? WebSocket.BINARY | reserved : WebSocket.CONTINUATION, false, payload);
    }

    private static byte[] deflated(byte[] message) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (DeflaterOutputStream out =
                new DeflaterOutputStream(octets, new Deflater(Deflater.DEFAULT_COMPRESSION, true))) {
            out.write(message);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return octets.toByteArray();
    }

    /** The peer has time enough to read why. */
    private static TestServer start(Protocol protocol) {
        UnaryOperator<ServerConfig> limits =
                config -> config.withTimeouts(config.timeouts().withLinger(Duration.ofMinutes(1)))
                        .withWebSocket(config.webSocket()
                                .withPings(50)
                                .withMaxMessageSize(MESSAGE)
                                .withMaxFrameSize(FRAME)
                                .withPingInterval(Duration.ZERO));
        return protocol == Protocol.HTTP_3 ? TestServer.startHttp3(ECHO, limits) : TestServer.start(ECHO, limits);
    }

    @ParameterizedTest(name = "{1} over {0}")
    @MethodSource("floods")
    void aFloodEndsItsWebSocketAlone(Protocol protocol, Flood flood) throws IOException {
        Disposable sender;
        try (TestServer server = start(protocol);
                ConformanceClient client = protocol.connect(server);
                ConformanceClient same = protocol.beside(client, server);
                ConformanceClient another = protocol.connect(server)) {
            WebSocket flooding = opened(client, "permessage-deflate");
            WebSocket beside = opened(same, "");
            WebSocket innocent = opened(another, "");
            long memory = DirectMemory.used();

            for (int frame = 0; frame < flood.frames(); frame++) {
                flood.step().send(flooding, frame);
                if (frame % 100 == 0) {
                    assertServed(memory, beside, innocent);
                }
            }
            Message end = flooding.receive();
            assertThat(end.kind()).isEqualTo(Message.Kind.CLOSE);
            assertThat(end.code()).as(end.text()).isEqualTo(flood.code());
            assertServed(memory, beside, innocent);

            AtomicInteger taken = new AtomicInteger();
            sender = goOn(flooding, taken);
            assertThat(Waiting.awaitRest(taken::get)).isLessThan(FAR_MORE_THAN_IS_THROWN_AWAY);
            Waiting.await().until(() -> server.running().exchanges() == 2);
            assertServed(memory, beside, innocent);
        }
        Waiting.await().until(sender::isDisposed);
    }

    /** Sends frames as long as they are taken, on a thread of its own: over HTTP/3 Netty does not always tell a write that waits that the stream was stopped. */
    private static Disposable goOn(WebSocket webSocket, AtomicInteger taken) {
        byte[] payload = new byte[FRAME / 4];
        return Mono.fromCallable(() -> {
                    while (taken.get() < 4 * FAR_MORE_THAN_IS_THROWN_AWAY) {
                        webSocket.sendFrame(WebSocket.BINARY, true, payload);
                        taken.addAndGet(payload.length);
                    }
                    return taken;
                })
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorComplete(IOException.class)
                .subscribe();
    }

    private static WebSocket opened(ConformanceClient client, String extensions) throws IOException {
        Request request = Request.get("/");
        WebSocket webSocket = client.openWebSocket(
                extensions.isEmpty() ? request : request.with("Sec-WebSocket-Extensions", extensions));
        assertThat(webSocket.accepted()).isTrue();
        return webSocket;
    }

    private static void assertServed(long memory, WebSocket... innocent) throws IOException {
        for (WebSocket webSocket : innocent) {
            webSocket.sendText("hello");
            assertThat(webSocket.receive().text()).isEqualTo("hello");
        }
        assertThat(DirectMemory.used() - memory).isLessThan(DirectMemory.MUCH);
    }
}
