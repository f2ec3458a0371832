package io.asyncgateway.server;

import static io.asyncgateway.server.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A server on a free port of the loopback interface for one test. At its close nothing may be left of it: no connection, no exchange, no error in the log
 * that the test has not asked for; and its shutdown must complete.
 */
final class TestServer implements AutoCloseable {

    private final RunningServer running;
    private final LoggedErrors errors;
    private final List<RawClient> clients = new ArrayList<>();

    private TestServer(RunningServer running, LoggedErrors errors) {
        this.running = running;
        this.errors = errors;
    }

    static TestServer start(Application application) {
        return start(application, config -> config);
    }

    static TestServer start(Application application, UnaryOperator<ServerConfig> change) {
        LoggedErrors errors = new LoggedErrors();
        try {
            RunningServer running =
                    Server.of(application, change.apply(config())).start().block(Waiting.PATIENCE);
            return new TestServer(running, errors);
        } catch (RuntimeException failure) {
            errors.close();
            throw failure;
        }
    }

    /** A server that speaks HTTP/3 too. */
    static TestServer startHttp3(Application application) {
        return startHttp3(application, config -> config);
    }

    /** A server that speaks HTTP/3 too, the rest of it changed. */
    static TestServer startHttp3(Application application, UnaryOperator<ServerConfig> change) {
        return start(application, config -> change.apply(withHttp3(config)));
    }

    /**
     * The same with a certificate for {@code localhost} and with HTTP/3, whose library is loaded before anybody counts the time.
     *
     * <p>A client's close is one datagram that is not sent again, and the loopback interface drops some when a test has filled the server's receive buffer.
     * The server then learns that the client is gone from the idle time alone, which has to be over before {@link #close()} has lost its patience.
     */
    static ServerConfig withHttp3(ServerConfig config) {
        QuicLibrary.check();
        return config.withTls(Tls.of(List.of(TestCertificates.localhost())))
                .withHttp3(Http3Options.defaults().withEnabled(true).withIdleTimeout(Duration.ofSeconds(10)));
    }

    /** The defaults, on a free port, with one event loop: tests that need more say so. */
    static ServerConfig config() {
        return ServerConfig.defaults()
                .withAddresses(List.<SocketAddress>of(new InetSocketAddress("127.0.0.1", 0)))
                .withTransport(TransportOptions.defaults().withEventLoops(1));
    }

    static UnaryOperator<ServerConfig> timeouts(UnaryOperator<Timeouts> change) {
        return config -> config.withTimeouts(change.apply(config.timeouts()));
    }

    static UnaryOperator<ServerConfig> limits(UnaryOperator<Limits> change) {
        return config -> config.withLimits(change.apply(config.limits()));
    }

    RunningServer running() {
        return running;
    }

    int port() {
        return running.port();
    }

    InetSocketAddress http3Address() {
        return running.http3Addresses().get(0);
    }

    /** A client over HTTP/3 that has opened its control stream; the test closes it. */
    Http3Client http3Client() {
        return Http3Client.connect(http3Address()).begin();
    }

    /** A client that is closed with the server, if not before. */
    RawClient client() {
        return remember(RawClient.connect(running.addresses().get(0)));
    }

    RawClient slowClient() {
        return remember(RawClient.connectSlow(running.addresses().get(0)));
    }

    private RawClient remember(RawClient client) {
        clients.add(client);
        return client;
    }

    RawClient.Response get(String target) {
        try (RawClient client = client()) {
            return client.get(target);
        }
    }

    /** The errors that were logged until now, each with its cause; they are the test's to judge then. */
    List<String> errors() {
        return errors.take();
    }

    void awaitNoExchange() {
        await().until(() -> running.exchanges() == 0);
    }

    void awaitNoConnection() {
        await().until(() -> running.connections() == 0);
    }

    @Override
    public void close() {
        try {
            clients.forEach(RawClient::close);
            if (running.phase() == RunningServer.Phase.SERVING) {
                awaitNoConnection();
                awaitNoExchange();
            }
            running.shutdown().block(Waiting.PATIENCE);
            assertThat(running.phase()).isEqualTo(RunningServer.Phase.STOPPED);
            assertThat(running.connections()).isZero();
            assertThat(running.exchanges()).isZero();
        } finally {
            errors.close();
        }
        assertThat(errors.take()).as("errors in the log").isEmpty();
    }
}
