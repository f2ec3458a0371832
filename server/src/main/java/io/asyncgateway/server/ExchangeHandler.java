package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of HTTP/1: takes messages from the codec, one exchange at a time, and decides after each whether the connection goes on. Confined to its event
 * loop.
 *
 * <pre>
 *   state      on                                   next
 *   WAITING    request                              EXCHANGE
 *   WAITING    end of input, idle, drain            CLOSING
 *   EXCHANGE   ended, body read, may go on          WAITING
 *   EXCHANGE   ended, body unread, may go on        DRAINING
 *   EXCHANGE   ended, may not go on                 LINGERING
 *   DRAINING   last part of the body                WAITING
 *   DRAINING   more than the bound, broken          LINGERING
 *   any        malformed request                    LINGERING (after its status, where no response has begun)
 *   LINGERING  end of input                         CLOSING
 *   LINGERING  everything is flushed, and time      CLOSED
 *   EXCHANGE   aborted                              CLOSING
 *   CLOSING    everything is flushed, or stalls     CLOSED
 *   EXCHANGE   protocol switched                    UPGRADED (this handler is removed)
 *   any        channel inactive                     CLOSED
 * </pre>
 */
final class ExchangeHandler extends ChannelInboundHandlerAdapter implements HttpStream {
    private enum State {
        WAITING,
        EXCHANGE,
        DRAINING,
        LINGERING,
        CLOSING,
        UPGRADED,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(ExchangeHandler.class);

    private final ServerContext context;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable OutputBuffer output;
    private @Nullable Http1ResponseWriter writer;
    private @Nullable Addresses addresses;
    private @Nullable LazyTimer lingerTimer;
    private @Nullable StallWatch stall;
    private @Nullable StallWatch halfClosedWatch;

    private State state = State.WAITING;
    private @Nullable HttpExchange current;
    private boolean draining;
    private boolean halfClosed;
    private boolean nextIsHeld;
    private int drained;

    ExchangeHandler(ServerContext context) {
        this.context = context;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        output = new OutputBuffer(context);
        writer = new Http1ResponseWriter(output, this.context.encoder(loop()));
        lingerTimer = new LazyTimer(loop(), this::close);
        stall = new StallWatch(
                context.channel(),
                this.context.config.timeouts().responseGap(),
                this.context.config.limits().responseRate(),
                this::passedOn,
                this::stalled);
        halfClosedWatch = new StallWatch(
                context.channel(),
                this.context.config.timeouts().halfClosed(),
                0,
                this::passedOn,
                this::halfClosedAndSilent);
        draining = this.context.draining.isFired(); // else it will be told
        if (context.channel().isActive()) {
            context.read();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        added(lingerTimer).close();
        added(stall).close();
        added(halfClosedWatch).close();
        output().discard();
    }

    private static <T> T added(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("used before it was added to a pipeline");
        }
        return part;
    }

    private ChannelHandlerContext ctx() {
        return added(ctx);
    }

    private OutputBuffer output() {
        return added(output);
    }

    @Override
    public ResponseWriter writer() {
        return added(writer);
    }

    private Channel channel() {
        return ctx().channel();
    }

    @Override
    public EventLoop loop() {
        return ctx().channel().eventLoop();
    }

    @Override
    public Addresses addresses() {
        Addresses known = addresses;
        if (known == null) {
            known = Addresses.of(channel(), context.forwarding);
            addresses = known;
        }
        return known;
    }

    @Override
    public boolean isWritable() {
        return channel().isWritable();
    }

    @Override
    public void flush() {
        output().flushNow();
    }

    @Override
    public void demand() {
        ctx().read();
    }

    @Override
    public boolean isClosing() {
        return draining;
    }

    // ------------------------------------------------------------------------------------------------ what comes from
    // the codec

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        output().readBegins();
        if (state == State.LINGERING) {
            demand(); // what comes after the last response is thrown away
        } else if (message instanceof RequestHead head) {
            begin(head);
        } else if (message instanceof HttpEvent.Request part) {
            bodyPart(part);
        } else if (message instanceof HttpFailure failure) {
            malformed(failure);
        } else if (message == InputEvent.HTTP_2) {
            becomeHttp2(null);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        output().readEnds();
    }

    private void begin(RequestHead head) {
        state = State.EXCHANGE;
        drained = 0;
        if (halfClosed) {
            added(halfClosedWatch).begin();
        }
        if (head.upgrade() && upgradesToHttp2(head)) {
            return;
        }
        writer().begin(head);
        Dispatcher.dispatch(this, head, context);
    }

    @Override
    public void occupy(HttpExchange exchange) {
        current = exchange;
    }

    @Override
    public void openWebSocket(
            WebSocketHandshake.Valid handshake, Headers agreed, Headers headers, WebSocketConnection successor) {
        Headers.Builder switching = Headers.builder()
                .add("upgrade", "websocket")
                .add("connection", "upgrade")
                .add("sec-websocket-accept", handshake.accept());
        agreed.forEach(field -> switching.add(field.getKey(), field.getValue()));
        context.encoder(loop()).switching(switching.build(), headers).writeTo(output());
        upgrade(successor);
    }

    private void upgrade(WebSocketConnection successor) {
        ByteBuf input = give(successor, "webSocket");
        successor.begin(input, halfClosed, draining);
    }

    /** Only without TLS, which has a way of its own (RFC 7540 section 3.3). */
    private boolean upgradesToHttp2(RequestHead head) {
        if (!context.config.http2().enabled() || addresses().tls() != null || halfClosed || draining) {
            return false;
        }
        Http2Upgrade upgrade = Http2Upgrade.of(head);
        if (upgrade == null) {
            return false;
        }
        context.encoder(loop())
                .switching(Http2Upgrade.SWITCHING, Headers.empty())
                .writeTo(output());
        becomeHttp2(upgrade);
        return true;
    }

    private void becomeHttp2(@Nullable Http2Upgrade upgrade) {
        Http2Connection successor = new Http2Connection(context, false);
        ByteBuf input = give(successor, "http2");
        if (upgrade != null) {
            successor.upgraded(upgrade);
        }
        successor.begin(input);
    }

    /** Gives the connection to another protocol; returns what has come for it already. */
    private @Nullable ByteBuf give(ChannelHandler successor, String name) {
        state = State.UPGRADED;
        current = null;
        flush();
        ChannelPipeline pipeline = ctx().pipeline();
        Http1Decoder decoder = pipeline.get(Http1Decoder.class);
        ByteBuf input = decoder.takeInput();
        pipeline.replace(this, name, successor);
        pipeline.remove(decoder);
        return input;
    }

    private void bodyPart(HttpEvent.Request part) {
        HttpExchange exchange = current;
        if (state == State.EXCHANGE && exchange != null) {
            exchange.bodyPart(part);
        } else if (state == State.DRAINING) {
            drained += part.body().remaining();
            if (!part.more()) {
                next();
            } else if (drained > context.config.limits().unreadBody()) {
                linger();
            } else {
                demand();
            }
        }
    }

    private void malformed(HttpFailure failure) {
        LOG.debug("{} request refused with {}: {}", channel(), failure.status(), failure.getMessage());
        HttpExchange exchange = current;
        if (state == State.EXCHANGE && exchange != null) {
            exchange.bodyBroken(failure);
        } else {
            if (state == State.WAITING) {
                refuse(failure.status());
            }
            linger();
        }
    }

    /** Answers in the server's own name a request that reaches no application. */
    private void refuse(int status) {
        PlainResponse plain = PlainResponse.of(status);
        Http1ResponseWriter responses = added(writer);
        responses.begin(false, false);
        responses.whole(plain.start(), HeadEncoder.NO_LENGTH, plain.body(), false);
    }

    // ------------------------------------------------------------------------------------------------ what comes from
    // the exchange

    @Override
    public void exchangeEnded(HttpExchange exchange, boolean goesOn) {
        if (current != exchange || state != State.EXCHANGE) {
            return;
        }
        if (!exchange.isBodyComplete() && goesOn) {
            current = null;
            state = State.DRAINING;
            output().flushIfIdle();
            demand();
        } else if (goesOn && !draining) {
            output().flushIfIdle();
            next();
        } else if (exchange.isBodyComplete() && !exchange.head.keepAlive()) {
            // The peer said that it sends no more, so there is nothing that could reset the connection before it has
            // read the response.
            closeAfterFlush();
        } else {
            linger();
        }
    }

    private void next() {
        current = null;
        if (draining) {
            closeAfterFlush();
            return;
        }
        state = State.WAITING;
        demandNext();
    }

    /** A peer that pipelines and does not read its answers gets no further request answered: the outbound window is for all of them. */
    private void demandNext() {
        if (!isWritable()) {
            flush();
        }
        nextIsHeld = !isWritable();
        if (!nextIsHeld) {
            demand();
        }
    }

    /** By a reset where a mere end could be taken for the end of the body. */
    @Override
    public void abort(boolean sendingFile) {
        if (writer().isCloseDelimited() || sendingFile) { // a file would go on to its end
            reset();
        } else {
            closeAfterFlush();
        }
    }

    private void reset() {
        if (channel().isOpen()) {
            channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        close();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    private void close() {
        state = State.CLOSED;
        ctx().close();
    }

    private void closeAfterFlush() {
        state = State.CLOSING;
        current = null;
        added(lingerTimer).clear();
        flush();
        ctx().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        watchStall();
    }

    /**
     * Closes our direction and reads on for a while: a close with octets unread would reset the connection, and the peer could lose the response (RFC 9112
     * section 9.6).
     */
    private void linger() {
        state = State.LINGERING;
        current = null;
        flush();
        ChannelFuture everything = ctx().writeAndFlush(Unpooled.EMPTY_BUFFER);
        watchStall();
        everything.addListener(written -> lingerOn());
        demand();
    }

    private void lingerOn() {
        if (state != State.LINGERING) {
            return;
        }
        added(stall).end();
        if (!halfClosed && HalfClose.begin(channel())) {
            added(lingerTimer).set(context.config.timeouts().linger().toNanos());
        } else {
            close();
        }
    }

    // ------------------------------------------------------------------------------------------------ what else
    // happens

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof InputEvent input) {
            inputEvent(input);
        } else if (event instanceof ServerEvent server) {
            serverEvent(server);
        } else {
            ReferenceCountUtil.release(event);
        }
    }

    private void inputEvent(InputEvent event) {
        switch (event) {
            case HALF_CLOSED -> {
                halfClosed = true;
                if (state == State.LINGERING) {
                    closeAfterFlush();
                } else if (state == State.EXCHANGE) {
                    added(halfClosedWatch).begin();
                }
            }
            case HTTP_2 -> {} // comes as a message
            case END, IDLE -> {
                if (state == State.WAITING || state == State.LINGERING) {
                    closeAfterFlush();
                }
            }
            case TRUNCATED -> {
                if (state == State.EXCHANGE) {
                    peerGone();
                    close();
                } else if (state == State.DRAINING) {
                    closeAfterFlush(); // the request was answered before its end
                }
            }
        }
    }

    private long passedOn() {
        HttpExchange exchange = current;
        return output().passedOn() + (exchange == null ? 0 : exchange.fileProgress());
    }

    @Override
    public void watchStall() {
        added(stall).begin();
    }

    private void stalled() {
        if (added(stall).isWaiting()) {
            LOG.debug("{} peer takes nothing", channel());
            peerGone();
            reset();
        }
    }

    /** A peer that closed its direction and takes nothing is not waiting for an answer, however long that takes. */
    private void halfClosedAndSilent() {
        if (state == State.EXCHANGE) {
            peerGone();
            close();
        }
    }

    private void serverEvent(ServerEvent event) {
        if (event == ServerEvent.DRAIN) {
            draining = true;
            if (state == State.WAITING && nextIsHeld) {
                closeAfterFlush();
            }
        } else if (state != State.CLOSED) {
            HttpExchange exchange = current;
            peerGone();
            if (exchange != null) {
                exchange.cancelApplication(); // by force, without the grace period
            }
            reset();
        }
    }

    private void peerGone() {
        HttpExchange exchange = current;
        current = null;
        if (exchange != null) {
            exchange.peerGone();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!channel().isWritable()) {
            watchStall();
            return;
        }
        if (state != State.CLOSING && state != State.LINGERING) {
            added(stall).end();
        }
        HttpExchange exchange = current;
        if (exchange != null) {
            exchange.writable();
        } else if (state == State.WAITING && nextIsHeld) {
            demandNext();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        state = State.CLOSED;
        added(lingerTimer).close();
        added(stall).close();
        added(halfClosedWatch).close();
        output().discard();
        peerGone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{} connection lost", channel(), cause);
        } else {
            LOG.error("{} connection failed", channel(), cause);
        }
        peerGone();
        close();
    }
}
