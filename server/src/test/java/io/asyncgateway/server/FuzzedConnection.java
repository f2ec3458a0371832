package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.State;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSockets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A whole pipeline that is given whatever a peer may send, and the invariants that hold whatever that is: no exception comes out of the pipeline, the answers do not
 * depend on how the octets arrive, every exchange ends with its connection, and every buffer is released.
 */
final class FuzzedConnection {
    /** Small, so that inputs of a few hundred octets get to each of them. */
    private static final Limits LIMITS = Limits.defaults()
            .withRequestLine(128)
            .withHeaderSection(512)
            .withHeaderFields(16)
            .withBodySize(4096)
            .withUnreadBody(1024)
            .withInboundWindow(1024);

    private static final WebSocketOptions WEB_SOCKET =
            WebSocketOptions.defaults().withMaxMessageSize(4096).withMaxFrameSize(2048);

    /** Tells how much it was told, so that the answers show whether everything has arrived; a WebSocket echoes. */
    private static final Application APPLICATION = Applications.builder()
            .http((scope, receive, send) -> Http.collect(scope, receive, 1_000_000)
                    .flatMap(body -> Http.respond(
                            send,
                            200,
                            scope.method() + " " + scope.path() + " "
                                    + scope.headers().size() + " " + sum(body))))
            .webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                    .then(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Send(message)))))
            .build();

    /** It has said everything for a while. */
    private static final Seldom SILENT = new Seldom();

    static {
        SILENT.isTime();
    }

    /** A server keeps something for each of its threads, which end with it; here there is one thread for thousands of servers. */
    private static final int FORGET_AFTER = 1_000;

    private static final AtomicInteger OPENED = new AtomicInteger();

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final MockTicker time = Ticker.newMockTicker();
    private final StringBuilder received = new StringBuilder();
    private final ServerContext context;
    private final EmbeddedChannel channel;

    private FuzzedConnection(UnaryOperator<ServerConfig> change, boolean mayBeHttp2) {
        if (OPENED.incrementAndGet() % FORGET_AFTER == 0) {
            FastThreadLocal.removeAll();
        }
        ServerConfig config = change.apply(ServerConfig.defaults()
                .withLimits(LIMITS)
                .withWebSocket(WEB_SOCKET)
                .withHttp(HttpOptions.defaults().withDateHeader(false)));
        context = new ServerContext(APPLICATION, config, new State());
        channel = EmbeddedChannel.builder().register(false).ticker(time).build();
        channel.config().setAutoRead(false);
        channel.config().setAllocator(allocator);
        if (config.proxies().protocol() != ProxyProtocol.OFF) {
            channel.pipeline()
                    .addLast(new ProxyProtocolHandler(config.proxies().protocol(), config.timeouts(), SILENT));
        }
        channel.pipeline()
                .addLast(new Http1Decoder(config.limits(), config.timeouts(), mayBeHttp2))
                .addLast(new Http1Connection(context));
        try {
            channel.register();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static int sum(java.nio.ByteBuffer body) {
        return body.hashCode();
    }

    /** Checks the invariants of a connection on which these octets arrive; what the peer got. */
    static String check(byte[] octets) {
        return check(octets, config -> config);
    }

    static String check(byte[] octets, UnaryOperator<ServerConfig> change) {
        return check(octets, () -> new FuzzedConnection(change, false), answers -> answers);
    }

    /**
     * The same where the peer may begin with the preface of HTTP/2.
     *
     * @param meaning what of the answers does not depend on how the octets arrive
     */
    static String checkHttp2(byte[] octets, UnaryOperator<String> meaning) {
        return check(octets, () -> new FuzzedConnection(config -> config, true), meaning);
    }

    private static String check(byte[] octets, Supplier<FuzzedConnection> connect, UnaryOperator<String> meaning) {
        String whole = meaning.apply(connect.get().answers(octets, new int[] {octets.length}));
        assertThat(meaning.apply(connect.get().answers(octets, new int[] {1})))
                .as("octet by octet")
                .isEqualTo(whole);
        Random random = new Random(Arrays.hashCode(octets));
        int[] steps = random.ints(16, 1, random.nextBoolean() ? 8 : 200).toArray();
        assertThat(meaning.apply(connect.get().answers(octets, steps)))
                .as("in steps of %s", Arrays.toString(steps))
                .isEqualTo(whole);
        return whole;
    }

    private String answers(byte[] octets, int[] steps) {
        for (int at = 0, i = 0; at < octets.length && channel.isOpen(); i++) {
            int length = Math.min(octets.length - at, steps[i % steps.length]);
            channel.writeInbound(channel.alloc().heapBuffer(length).writeBytes(octets, at, length));
            channel.runPendingTasks();
            at += length;
        }
        collect();
        channel.pipeline().close();
        channel.runPendingTasks();
        time.advanceMillis(3_600_000); // past every grace period
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
        collect();
        assertThat(context.exchanges()).as("exchanges that are left").isZero();
        assertThat(channel.runScheduledPendingTasks())
                .as("timers that are left")
                .isEqualTo(-1);
        channel.checkException();
        channel.finishAndReleaseAll();
        ByteBufAllocatorMetric metric = allocator.metric();
        assertThat(metric.usedHeapMemory() + metric.usedDirectMemory())
                .as("octets in buffers that were not released")
                .isZero();
        return received.toString();
    }

    private void collect() {
        for (ByteBuf octets = channel.readOutbound(); octets != null; octets = channel.readOutbound()) {
            received.append(octets.toString(ISO_8859_1));
            octets.release();
        }
    }
}
