package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.asyncgateway.api.Application;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.slf4j.LoggerFactory;

/**
 * A server on a free port of the loopback interface for one test. At its close nothing may be left of it: no connection, no exchange, no error in the log
 * that the test has not asked for; and its shutdown must complete.
 */
final class TestServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RunningServer running;
    private final Errors errors;
    private final List<RawClient> clients = new ArrayList<>();

    private TestServer(RunningServer running, Errors errors) {
        this.running = running;
        this.errors = errors;
    }

    static TestServer start(Application application) {
        return start(application, config -> config);
    }

    static TestServer start(Application application, UnaryOperator<ServerConfig> change) {
        Errors errors = new Errors();
        try {
            RunningServer running =
                    Server.of(application, change.apply(config())).start().block(PATIENCE);
            return new TestServer(running, errors);
        } catch (RuntimeException failure) {
            errors.stop();
            throw failure;
        }
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
        await().atMost(PATIENCE).until(() -> running.exchanges() == 0);
    }

    void awaitNoConnection() {
        await().atMost(PATIENCE).until(() -> running.connections() == 0);
    }

    @Override
    public void close() {
        try {
            clients.forEach(RawClient::close);
            if (running.phase() == RunningServer.Phase.SERVING) {
                awaitNoConnection();
                awaitNoExchange();
            }
            running.shutdown().block(PATIENCE);
            assertThat(running.phase()).isEqualTo(RunningServer.Phase.STOPPED);
            assertThat(running.connections()).isZero();
            assertThat(running.exchanges()).isZero();
        } finally {
            errors.stop();
        }
        assertThat(errors.take()).as("errors in the log").isEmpty();
    }

    /** What is logged as an error while a server runs. */
    private static final class Errors extends AppenderBase<ILoggingEvent> {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

        Errors() {
            start();
            root.addAppender(this);
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                IThrowableProxy cause = event.getThrowableProxy();
                lines.add(event.getFormattedMessage()
                        + (cause == null ? "" : ": " + cause.getClassName() + ": " + cause.getMessage()));
            }
        }

        List<String> take() {
            List<String> taken = new ArrayList<>();
            for (String line = lines.poll(); line != null; line = lines.poll()) {
                taken.add(line);
            }
            return taken;
        }

        @Override
        public void stop() {
            root.detachAppender(this);
            super.stop();
        }
    }
}
