package io.asyncgateway.server;

import static io.asyncgateway.server.Http3Client.data;
import static io.asyncgateway.server.Http3Client.headers;
import static io.asyncgateway.server.Http3Client.octets;
import static io.asyncgateway.server.Http3Client.request;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How connections of HTTP/3 begin, go on and end: by GOAWAY, by force, by time, by a client that leaves, moves or vanishes. */
class Http3LifeTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    /** Short too, but nobody who keeps to it is cut off where the machine is busy. */
    private static final Duration BUSY = Duration.ofSeconds(2);

    /** What ends here does so by the rule of its test, and not because nothing came for a while. */
    private static final Duration LONG = Waiting.PATIENCE.multipliedBy(2);

    /** RFC 9000 section 20.1. */
    private static final int CONNECTION_REFUSED = 2;

    private final CountDownLatch gone = new CountDownLatch(2);
    private final CountDownLatch cancelled = new CountDownLatch(1);

    private final Application application = Applications.builder()
            .http((scope, receive, send) -> switch (scope.localPath()) {
                case "/echo" -> Http.stream(send, new ResponseStart(200), Http.body(receive));
                case "/wait" -> scope.disconnected().doOnSuccess(nothing -> gone.countDown());
                case "/fail" ->
                    Http.stream(
                            send,
                            new ResponseStart(200),
                            Flux.concat(
                                    Mono.just(US_ASCII.encode("a part")),
                                    receive.receive().then(Mono.error(new IllegalStateException("on purpose")))));
                case "/never" -> Mono.<Void>never().doOnCancel(cancelled::countDown);
                default -> Http.respond(send, 200, "hello");
            })
            .build();

    private TestServer start(UnaryOperator<ServerConfig> change) {
        return TestServer.startHttp3(
                application,
                config -> change.apply(config.withTimeouts(
                                config.timeouts().withLinger(SHORT).withDisconnectGrace(Duration.ofMillis(100)))
                        .withHttp3(config.http3()
                                .withGoAwayGrace(Duration.ofMillis(50))
                                .withIdleTimeout(LONG))));
    }

    private TestServer start() {
        return start(config -> config);
    }

    private static byte[] get(String target) {
        return headers(request("GET", target));
    }

    /** The streams of the two that are announced at a shutdown: the largest that can be, and the first that is not taken. */
    private static byte[] awaitGoAway(Http3Client.Stream control) throws IOException {
        Http3Client.Frame frame = control.frame();
        assertThat(frame.type()).isEqualTo(Http3FrameDecoder.GOAWAY);
        return frame.payload();
    }

    private static Http3Client.Stream controlAfterSettings(Http3Client client) throws IOException {
        Http3Client.Stream control = client.control();
        assertThat(control.type()).isZero();
        assertThat(control.frame().type()).isEqualTo(Http3FrameDecoder.SETTINGS);
        return control;
    }

    // ------------------------------------------------------------------------------------------------ shutdown

    /** RFC 9114 section 5.2. */
    @Test
    void aShutdownAnswersWhatIsInFlightAndRejectsWhatComesLater() throws IOException {
        try (TestServer server = start();
                Http3Client client = server.http3Client()) {
            Http3Client.Stream control = controlAfterSettings(client);
            Http3Client.Stream inFlight = client.open().send(headers(request("POST", "/echo")), data("in "));
            Waiting.await().until(() -> server.running().exchanges() == 1);
            server.running().shutdown().subscribe();
            assertThat(awaitGoAway(control)).isEqualTo(octets(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc));
            assertThat(awaitGoAway(control)).isEqualTo(octets(4));
            assertThat(client.open().end(get("/")).awaitReset()).isEqualTo(Http3Error.H3_REQUEST_REJECTED.code());
            inFlight.end(data("flight"));
            assertThat(inFlight.response().body()).isEqualTo("in flight");
            assertThat(client.awaitClose()).isEqualTo(Http3Error.H3_NO_ERROR.code());
        }
    }

    @Test
    void requestsWithoutEndBehindTheLastGoAwayAreAFlood() throws IOException {
        try (TestServer server = start(config ->
                        config.withHttp3(config.http3().withResets(20).withFloodWindow(Duration.ofMinutes(1))));
                Http3Client client = server.http3Client()) {
            Http3Client.Stream control = controlAfterSettings(client);
            client.get("/wait");
            Waiting.await().until(() -> server.running().exchanges() == 1);
            server.running().shutdown().subscribe();
            awaitGoAway(control);
            awaitGoAway(control);
            for (int i = 0; i < 21 && client.isOpen(); i++) {
                client.open().send(octets(1));
            }
            assertThat(client.awaitClose()).isEqualTo(Http3Error.H3_EXCESSIVE_LOAD.code());
        }
    }

    @Test
    void aForcedShutdownDoesNotWait() throws Exception {
        try (TestServer server = start();
                Http3Client client = server.http3Client()) {
            client.get("/never");
            Waiting.await().until(() -> server.running().exchanges() == 1);
            server.running().force().block(Waiting.PATIENCE);
            assertThat(cancelled.await(Waiting.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(client.awaitClose()).isEqualTo(Http3Error.H3_NO_ERROR.code());
        }
    }

    @Test
    void aShutdownThatTakesTooLongAbortsWhatIsLeft() throws Exception {
        try (TestServer server = start(TestServer.timeouts(timeouts -> timeouts.withGracefulShutdown(SHORT)));
                Http3Client client = server.http3Client()) {
            client.get("/never");
            Waiting.await().until(() -> server.running().exchanges() == 1);
            server.running().shutdown().block(Waiting.PATIENCE);
            assertThat(cancelled.await(Waiting.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(client.awaitClose()).isEqualTo(Http3Error.H3_NO_ERROR.code());
        }
    }

    @Test
    void nobodyIsLetInDuringAShutdown() throws IOException {
        try (TestServer server = start();
                Http3Client client = server.http3Client()) {
            Http3Client.Stream inFlight = client.open().send(headers(request("POST", "/echo")));
            Waiting.await().until(() -> server.running().exchanges() == 1);
            server.running().shutdown().subscribe();
            Waiting.await().until(() -> server.running().phase() == RunningServer.Phase.DRAINING);
            assertThat(Http3Client.awaitRefusal(server.http3Address())).isEqualTo(CONNECTION_REFUSED);
            inFlight.end(data("served"));
            assertThat(inFlight.response().body()).isEqualTo("served");
        }
    }

    // ---------------------------------------------------------------------------------------------- clients that leave

    @Test
    void aClientThatClosesItsConnectionIsTheDisconnectOfAllItsStreams() throws Exception {
        try (TestServer server = start();
                Http3Client client = server.http3Client()) {
            client.get("/wait");
            client.open().send(headers(request("POST", "/wait")));
            Waiting.await().until(() -> server.running().exchanges() == 2);
            client.channel().close(true, Http3Error.H3_NO_ERROR.code(), Unpooled.EMPTY_BUFFER);
            assertThat(gone.await(Waiting.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            server.awaitNoExchange();
        }
    }

    @Test
    void aResetIsTheDisconnect() throws Exception {
        try (TestServer server = start();
                Http3Client client = server.http3Client()) {
            Http3Client.Stream answer = client.get("/wait");
            Http3Client.Stream body = client.open().send(headers(request("POST", "/wait")));
            Waiting.await().until(() -> server.running().exchanges() == 2);
            answer.stop(Http3Error.H3_REQUEST_CANCELLED);
            body.reset(Http3Error.H3_REQUEST_CANCELLED);
            assertThat(gone.await(Waiting.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            server.awaitNoExchange();
            assertThat(client.get("/").response().body()).isEqualTo("hello");
        }
    }

    @Test
    void aClientThatVanishesIsGoneAfterTheIdleTime() throws Exception {
        try (TestServer server = start(config -> config.withHttp3(config.http3().withIdleTimeout(BUSY)));
                UdpRelay network = new UdpRelay(server.http3Address())) {
            Http3Client client = Http3Client.connect(network.address()).begin();
            client.get("/wait");
            client.get("/wait");
            Waiting.await().until(() -> server.running().exchanges() == 2);
            network.cut();
            assertThat(gone.await(Waiting.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            server.awaitNoConnection();
            client.close();
        }
    }

    /** What came first would be the end of the stream, and the peer would take a part for the whole. */
    @Test
    void aResetThatIsLostArrivesAsOneAllTheSame() throws IOException {
        try (TestServer server = start();
                UdpRelay network = new UdpRelay(server.http3Address())) {
            try (Http3Client client = Http3Client.connect(network.address()).begin()) {
                for (int i = 0; i < 10; i++) {
                    Http3Client.Stream stream = client.open().send(headers(request("POST", "/fail")));
                    assertThat(stream.frame().type()).isEqualTo(Http3FrameDecoder.HEADERS);
                    assertThat(stream.frame().type()).isEqualTo(Http3FrameDecoder.DATA);
                    network.loseOneOfServer();
                    stream.send(data("go on"));
                    assertThat(stream.awaitReset()).isEqualTo(Http3Error.H3_INTERNAL_ERROR.code());
                }
            }
            server.awaitNoConnection(); // before the network is gone
            assertThat(server.errors()).hasSize(10).allMatch(error -> error.contains("on purpose"));
        }
    }

    /** RFC 9000 section 9: the connection is that of its ids, not of an address. */
    @Test
    void aClientThatIsMovedToAnotherPortIsServedOn() throws IOException {
        try (TestServer server = start();
                UdpRelay network = new UdpRelay(server.http3Address())) {
            try (Http3Client client = Http3Client.connect(network.address()).begin()) {
                Http3Client.Stream body = client.open().send(headers(request("POST", "/echo")), data("before "));
                Waiting.await().until(() -> server.running().exchanges() == 1);
                network.move();
                assertThat(client.get("/").response().body()).isEqualTo("hello");
                body.end(data("after"));
                assertThat(body.response().body()).isEqualTo("before after");
                assertThat(server.running().connections()).isOne();
            }
            server.awaitNoConnection(); // before the network is gone
        }
    }

    // ------------------------------------------------------------------------------------------------ handshakes

    @Test
    void handshakesThatDoNotEndAreBoundedAndClosed() throws Exception {
        try (TestServer server = start(config -> config.withTls(config.tls().withHandshakeTimeout(BUSY))
                        .withHttp3(config.http3().withHandshakesWithoutRetry(5)));
                UdpRelay network = new UdpRelay(server.http3Address())) {
            network.silenceServer();
            Runnable giveUp = Http3Client.knock(network.address(), 50);
            try {
                Waiting.await().until(() -> server.running().connections() == 5);
                try (Http3Client innocent = server.http3Client()) {
                    assertThat(innocent.get("/").response().body()).isEqualTo("hello");
                    assertThat(server.running().connections()).isLessThanOrEqualTo(6);
                }
                network.cut();
                server.awaitNoConnection();
            } finally {
                giveUp.run();
            }
        }
    }

    @Test
    void aShutdownDoesNotWaitForHandshakes() throws Exception {
        try (TestServer server = start(config -> config.withTls(config.tls().withHandshakeTimeout(LONG)));
                UdpRelay network = new UdpRelay(server.http3Address())) {
            network.silenceServer();
            Runnable giveUp = Http3Client.knock(network.address(), 1);
            try {
                Waiting.await().until(() -> server.running().connections() == 1);
                network.cut();
                server.running().shutdown().block(Waiting.PATIENCE);
            } finally {
                giveUp.run();
            }
        }
    }

    /** Whatever comes to the port, it is nothing to those who are served there. */
    @Test
    void datagramsThatAreNothingAreIgnored() throws Exception {
        Random random = new Random(1);
        try (TestServer server = start();
                Http3Client client = server.http3Client();
                DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 500; i++) {
                byte[] octets = new byte[random.nextInt(1500)];
                random.nextBytes(octets);
                if (octets.length > 5) {
                    octets[0] |= (byte) (i % 2 == 0 ? 0xc0 : 0x40); // a long or a short header
                    octets[4] = 1; // of the first version, for some
                }
                if (i % 3 == 0 && octets.length > 5) {
                    octets[1] = octets[2] = octets[3] = 0;
                }
                socket.send(new DatagramPacket(octets, octets.length, server.http3Address()));
            }
            assertThat(client.get("/").response().body()).isEqualTo("hello");
            Waiting.await().until(() -> server.running().connections() == 1);
        }
    }
}
