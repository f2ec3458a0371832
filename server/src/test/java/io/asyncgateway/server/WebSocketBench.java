package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.RequestScope;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.State;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSockets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A connection of the server without a socket, both of whose ends are played by the test, step by step, on one thread and with a clock that is moved by hand.
 */
final class WebSocketBench implements AutoCloseable {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    final MockTicker clock = Ticker.newMockTicker();
    final Puppet application = new Puppet();
    final ServerContext context;
    final EmbeddedChannel channel;

    private final ReadCounter reads = new ReadCounter();
    private final ByteBuf output = Unpooled.buffer();
    private int writes;

    WebSocketBench() {
        this(ServerConfig.defaults());
    }

    WebSocketBench(ServerConfig config) {
        context = new ServerContext(application, config, new State());
        channel = EmbeddedChannel.builder()
                .ticker(clock)
                .handlers(
                        reads,
                        new Http1Decoder(config.limits(), config.timeouts(), false),
                        new Http1Connection(context))
                .build();
        channel.config().setAutoRead(false);
    }

    static WebSocketBench opened() {
        return opened(ServerConfig.defaults(), new WebSocketEvent.Accept());
    }

    static WebSocketBench opened(ServerConfig config, WebSocketEvent.Accept accept, String... fields) {
        WebSocketBench bench = new WebSocketBench(config);
        bench.request(fields);
        bench.application.receive().expect(WebSocketEvent.Connect.instance());
        bench.application.send(accept).expectDone();
        assertThat(bench.readHead()).startsWith("HTTP/1.1 101 ");
        return bench;
    }

    // ---- the client

    /** Sends the opening request. */
    void request(String... fields) {
        give(requestOctets(fields));
    }

    static byte[] requestOctets(String... fields) {
        StringBuilder request = new StringBuilder("GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n");
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        return request.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    /** What comes with one read of the socket. */
    void give(byte[]... octets) {
        channel.writeInbound(channel.alloc().directBuffer().writeBytes(ClientFrames.concat(octets)));
        channel.checkException();
    }

    void give(ClientFrames... frames) {
        give(ClientFrames.concat(frames));
    }

    void endInput() {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.runPendingTasks();
    }

    /** Whether the server has asked for another read since the last one. */
    boolean isReading() {
        return reads.wanted;
    }

    /** What the server has written so far, as text up to the end of the head. */
    String readHead() {
        collect();
        int end = output.toString(ISO_8859_1).indexOf("\r\n\r\n");
        assertThat(end).as("a head in: %s", output.toString(ISO_8859_1)).isPositive();
        return output.readCharSequence(end + 4, ISO_8859_1).toString();
    }

    /** Everything that is written and was not read. */
    String readText() {
        collect();
        return output.readCharSequence(output.readableBytes(), ISO_8859_1).toString();
    }

    /** The frames that are written and were not read: {@code text:a}, {@code pong:p}, {@code close:1000:}. */
    List<String> readFrames() {
        collect();
        List<String> frames = new ArrayList<>();
        while (output.isReadable()) {
            frames.add(frame());
        }
        return frames;
    }

    private String frame() {
        int first = output.readUnsignedByte();
        int form = output.readUnsignedByte();
        int size = form < 126 ? form : form == 126 ? output.readUnsignedShort() : (int) output.readLong();
        int opcode = first & 0x0f;
        if (opcode == 8 && size > 0) {
            return "close:" + output.readUnsignedShort() + ":" + output.readCharSequence(size - 2, UTF_8);
        }
        String name = List.of("more", "text", "binary", "?", "?", "?", "?", "?", "close", "ping", "pong")
                .get(opcode);
        CharSequence payload = output.readCharSequence(size, UTF_8);
        return name + ":" + (size > 200 ? size + " bytes" : payload) + ((first & 0x80) == 0 ? "..." : "");
    }

    private void collect() {
        channel.runPendingTasks();
        for (ByteBuf written = channel.readOutbound(); written != null; written = channel.readOutbound()) {
            if (written.isReadable()) {
                writes++;
            }
            output.writeBytes(written);
            written.release();
        }
    }

    /** How many buffers were written since the last call. */
    int writes() {
        collect();
        int count = writes;
        writes = 0;
        return count;
    }

    /** As a peer that does not read, or reads again. */
    void takesMore(boolean takes) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, takes);
        channel.runPendingTasks();
    }

    boolean isClosed() {
        channel.runPendingTasks();
        return !channel.isOpen();
    }

    // ---- time and the server

    void pass(Duration time) {
        clock.advance(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    void tell(ServerEvent event) {
        channel.pipeline().fireUserEventTriggered(event);
        channel.runPendingTasks();
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
        application.end();
        output.release();
        context.deflate.releasePool();
        assertThat(context.deflate.freeContexts())
                .isEqualTo(context.config.webSocket().compressionContexts());
    }

    /** The application, moved by hand. */
    static final class Puppet implements Application {
        private @Nullable Scope scope;
        private @Nullable Receive receive;
        private @Nullable Send send;
        private @Nullable MonoSink<Void> end;
        boolean cancelled;

        @Override
        public Mono<Void> handle(Scope given, Receive from, Send to) {
            scope = given;
            receive = from;
            send = to;
            return Mono.create(sink -> {
                end = sink;
                sink.onCancel(() -> cancelled = true);
            });
        }

        RequestScope scope() {
            return (RequestScope) scope;
        }

        Step<ReceiveEvent> receive() {
            return new Step<>(receive.receive());
        }

        /** Sends every message back. */
        void echo() {
            new Step<>(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Send(message))));
        }

        Step<Void> send(SendEvent event) {
            return new Step<>(send.send(event));
        }

        Step<Void> sendText(String text) {
            return send(WebSocketEvent.Send.text(text));
        }

        Step<Void> disconnected() {
            return new Step<>(scope().disconnected());
        }

        void complete() {
            end.success();
        }

        /** As after the grace period, which the loop of a channel that is closed here does not wait for. */
        private void end() {
            if (end != null) {
                end.success();
            }
        }

        void fail(Throwable failure) {
            end.error(failure);
        }
    }

    /** A result that may not be there yet. */
    static final class Step<T> extends BaseSubscriber<T> {
        private @Nullable T value;
        private @Nullable Throwable failure;
        private boolean done;

        Step(Mono<T> source) {
            source.subscribe(this);
        }

        @Override
        protected void hookOnNext(T next) {
            value = next;
        }

        @Override
        protected void hookOnComplete() {
            done = true;
        }

        @Override
        protected void hookOnError(Throwable error) {
            failure = error;
        }

        void expectWaiting() {
            assertThat(failure).isNull();
            assertThat(done).as("done, with %s", value).isFalse();
        }

        void expectDone() {
            assertThat(failure).isNull();
            assertThat(done).as("done").isTrue();
        }

        void expect(ReceiveEvent event) {
            expectDone();
            assertThat(value).isEqualTo(event);
        }

        void expectText(String text) {
            expect(new WebSocketEvent.Receive(io.asyncgateway.api.WebSocketMessage.text(text)));
        }

        void expectDisconnect(int code, String reason) {
            expect(new WebSocketEvent.Disconnect(code, reason));
        }

        void expectFailure(Class<? extends Throwable> type) {
            assertThat(failure).isInstanceOf(type);
        }

        String message() {
            return String.valueOf(failure.getMessage());
        }
    }

    private static final class ReadCounter extends ChannelOutboundHandlerAdapter {
        boolean wanted;

        @Override
        public void read(ChannelHandlerContext ctx) {
            wanted = true;
        }
    }

    /** The socket has been read: only what the server asks for from now on counts. */
    void forgetReads() {
        reads.wanted = false;
    }
}
