package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Applications;
import io.asyncgateway.api.HttpApplication;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.State;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/**
 * One connection with its whole pipeline, without a socket and with a time of its own: the test plays the peer and the application, step by step, on one
 * thread. What a socket adds (half-closing, resets, files) is tested with a {@link TestServer}.
 */
final class EmbeddedConnection implements AutoCloseable {
    private final MockTicker time = Ticker.newMockTicker();
    private final List<Call> calls = new ArrayList<>();
    private int called;
    private final List<AccessLog.Entry> logged = new ArrayList<>();
    private final LoggedErrors errors = new LoggedErrors();
    private final ServerContext context;
    private final Peer channel;

    private EmbeddedConnection(HttpApplication application, ServerConfig config) {
        HttpApplication target = application == null ? this::play : application;
        context = new ServerContext(Applications.http(target), logging(config), new State());
        channel = new Peer(time);
        channel.config().setAutoRead(false);
        channel.pipeline()
                .addLast(new Http1Decoder(config.limits(), config.timeouts(), false))
                .addLast(new Http1Connection(context));
        try {
            channel.register();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private ServerConfig logging(ServerConfig config) {
        return config.accessLog() == AccessLog.NONE ? config.withAccessLog(logged::add) : config;
    }

    private Mono<Void> play(HttpScope scope, Receive receive, Send send) {
        Call call = new Call(scope, receive, send);
        calls.add(call);
        return call.result();
    }

    static EmbeddedConnection open() {
        return open(config -> config);
    }

    /** The defaults, without the fields that each response would have. */
    static EmbeddedConnection open(UnaryOperator<ServerConfig> change) {
        return new EmbeddedConnection(null, change.apply(config()));
    }

    /** With an application that plays itself. */
    static EmbeddedConnection open(HttpApplication application) {
        return new EmbeddedConnection(application, config());
    }

    private static ServerConfig config() {
        return ServerConfig.defaults()
                .withHttp(HttpOptions.defaults().withDateHeader(false).withServerHeader(false));
    }

    // ------------------------------------------------------------------------------------------------ the peer

    /** The peer sends lines, each of which gets its CRLF. */
    EmbeddedConnection send(String lines) {
        return sendExactly(lines.replace("\n", "\r\n"));
    }

    EmbeddedConnection sendExactly(String octets) {
        channel.writeInbound(channel.alloc().buffer().writeBytes(octets.getBytes(ISO_8859_1)));
        return this;
    }

    /** A request, up to the call of the application. */
    Call get() {
        return request("GET / HTTP/1.1\nHost: a\n\n");
    }

    Call request(String lines) {
        send(lines);
        return call();
    }

    /** What the peer has got since it was last asked for; lines end with LF alone. */
    String received() {
        channel.runPendingTasks();
        StringBuilder text = new StringBuilder();
        for (ByteBuf octets = channel.readOutbound(); octets != null; octets = channel.readOutbound()) {
            text.append(octets.toString(ISO_8859_1));
            octets.release();
        }
        return text.toString().replace("\r\n", "\n");
    }

    /** How often the socket has been written to since the peer was last asked what it got. */
    int writes() {
        channel.runPendingTasks();
        return channel.outboundMessages().size();
    }

    /** The peer takes nothing from now on. */
    void stopTaking() {
        channel.allowance = 0;
    }

    /** It takes what one write has given it, and no more. */
    void takeOne() {
        allow(1);
    }

    void goOnTaking() {
        allow(Integer.MAX_VALUE);
    }

    private void allow(int writes) {
        channel.allowance = writes;
        channel.flush();
        channel.runPendingTasks();
    }

    /** The peer is gone, which the next write finds out. */
    void breakWrites() {
        channel.broken = true;
    }

    /** Something goes wrong in the pipeline. */
    void fail(Throwable failure) {
        channel.pipeline().fireExceptionCaught(failure);
        channel.runPendingTasks();
    }

    void halfClose() {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.runPendingTasks();
    }

    void disconnect() {
        channel.pipeline().close(); // the channel's own method would cancel what is scheduled
        channel.runPendingTasks();
    }

    boolean isClosed() {
        channel.runPendingTasks();
        return !channel.isOpen();
    }

    // ------------------------------------------------------------------------------------------------ the application

    /** The call of the application that the peer's request has led to. */
    Call call() {
        assertThat(hasCall()).as("a call of the application").isTrue();
        return calls.get(called++);
    }

    boolean hasCall() {
        return called < calls.size();
    }

    // ------------------------------------------------------------------------------------------------ the server

    void pass(long millis) {
        channel.runPendingTasks();
        time.advanceMillis(millis);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    void tell(ServerEvent event) {
        if (event == ServerEvent.DRAIN) {
            context.draining.fire();
        }
        channel.pipeline().fireUserEventTriggered(event);
        channel.runPendingTasks();
    }

    /** What a shutdown that is forced does to applications that go on without their connection. */
    void cancelApplications() {
        context.cancelDetached();
    }

    int exchanges() {
        return context.exchanges();
    }

    List<AccessLog.Entry> logged() {
        return logged;
    }

    /** The errors that were logged until now, each with its cause; they are the test's to judge then. */
    List<String> errors() {
        return errors.take();
    }

    /** The peer leaves, and every call ends. Nothing may be left then: no exchange, no timer, no error that nobody asked for. */
    @Override
    public void close() {
        disconnect();
        calls.forEach(Call::end);
        errors.close();
        assertThat(context.exchanges()).as("exchanges that are left").isZero();
        assertThat(channel.runScheduledPendingTasks())
                .as("timers that are left")
                .isEqualTo(-1);
        channel.finishAndReleaseAll();
        assertThat(errors.take()).as("errors in the log").isEmpty();
    }

    private static final class Peer extends EmbeddedChannel {
        private int allowance = Integer.MAX_VALUE;
        private boolean broken;

        Peer(Ticker time) {
            super(EmbeddedChannel.builder().register(false).ticker(time));
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer out) throws IOException {
            if (broken) {
                throw new IOException("broken pipe");
            }
            for (Object message = out.current(); message != null && allowance > 0; message = out.current()) {
                allowance -= allowance == Integer.MAX_VALUE ? 0 : 1;
                handleOutboundMessage(ReferenceCountUtil.retain(message));
                out.remove();
            }
        }
    }
}
