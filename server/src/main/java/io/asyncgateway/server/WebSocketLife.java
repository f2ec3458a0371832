package io.asyncgateway.server;

import io.asyncgateway.api.WebSocketEvent.Disconnect;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one WebSocket on the wire: the closing handshake and its timers. {@link WebSocketInput} and {@link WebSocketOutput} are what comes and goes
 * meanwhile. Confined to the event loop of the connection.
 *
 * <pre>
 *   state        on                                  next         the application gets
 *   OPEN         peer's close frame                  LINGERING    its code; it is answered with the same
 *   OPEN         application closes or ends          CLOSE_SENT
 *   OPEN         shutdown                            CLOSE_SENT   1012 or 1001
 *   OPEN         rule or limit broken                LINGERING    1002, 1007, 1008 or 1009
 *   OPEN         ping not answered                   LINGERING    1011
 *   OPEN         end of input                        LINGERING    1006
 *   CLOSE_SENT   peer's close frame                  LINGERING    its code, if the application closed
 *   CLOSE_SENT   rule or limit broken                LINGERING    1002, 1007, 1008 or 1009, if the application closed
 *   CLOSE_SENT   end of input                        LINGERING    1006, if the application closed
 *   CLOSE_SENT   time                                CLOSED       1006, if the application closed
 *   LINGERING    end of input, time, or too much     CLOSED
 *   any          peer takes nothing, connection
 *                lost, shutdown by force             CLOSED       1006, if it got nothing else
 * </pre>
 *
 * <p>Before CLOSE_SENT or LINGERING comes CLOSING, where the close frame has to wait for the end of a large frame that is on its way. In LINGERING our direction
 * is closed and input is thrown away, so that the peer can read our last frames (a close with octets unread would reset the connection).
 */
final class WebSocketLife implements ConnectionHandler.Life, WebSocketInput.Owner {
    private enum State {
        OPEN,
        CLOSING,
        CLOSE_SENT,
        LINGERING,
        CLOSED
    }

    /**
     * What follows once the close frame is written.
     *
     * @param next CLOSE_SENT or LINGERING
     * @param untold what the application gets then; null if it has closed
     * @param patience how long LINGERING lasts at most
     */
    private record Closing(State next, @Nullable Disconnect untold, Duration patience) {}

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketLife.class);

    final WebSocketInput input;
    final WebSocketOutput output;

    private final ChannelHandlerContext ctx;
    private final WebSocketExchange exchange;
    private final WebSocketOptions options;
    private final Duration linger;
    private final OutputBuffer buffer;
    private final LazyTimer closeTimer;
    private final StallWatch stall;

    private State state = State.OPEN;
    private @Nullable Closing closing;

    WebSocketLife(
            ChannelHandlerContext ctx,
            WebSocketExchange exchange,
            @Nullable PerMessageDeflateSession deflate,
            int maxMessageSize) {
        ServerConfig config = exchange.context.config;
        EventLoop loop = ctx.channel().eventLoop();
        this.ctx = ctx;
        this.exchange = exchange;
        options = config.webSocket();
        linger = config.timeouts().linger();
        buffer = new OutputBuffer(ctx);
        WebSocketEncoder encoder =
                new WebSocketEncoder(deflate == null ? null : deflate.writer(), options.compressionThreshold());
        output = new WebSocketOutput(buffer, encoder, () -> loop.execute(this::writable));
        input = new WebSocketInput(ctx, exchange, deflate, maxMessageSize, output, this);
        closeTimer = new LazyTimer(loop, this::closeTimedOut);
        stall = new StallWatch(
                ctx.channel(),
                config.timeouts().responseGap(),
                config.limits().responseRate(),
                buffer::passedOn,
                this::stalled);
    }

    // ------------------------------------------------------------------------------------------------ beginning, end

    /** {@link WebSocketConnection#begin}. */
    void begin(@Nullable ByteBuf octets, boolean ended, boolean draining) {
        input.begin(octets);
        if (octets != null || ended || draining) {
            // Not here, within a send of the application that is not complete yet.
            ctx.channel().eventLoop().execute(() -> {
                if (draining) {
                    drain();
                }
                input.process();
                if (ended) {
                    inputEnded();
                }
                input.readAhead();
            });
        }
        input.readAhead();
    }

    @Override
    public void removed() {
        closed();
    }

    @Override
    public void closed() {
        state = State.CLOSED;
        input.stopPinging();
        closeTimer.close();
        stall.close();
        buffer.discard();
        tell(abnormal());
        input.releaseUnwanted();
    }

    @Override
    public void failed() {
        tell(abnormal());
        close();
    }

    // ------------------------------------------------------------------------------------------------ input

    void received(ByteBuf octets) {
        buffer.readBegins();
        input.received(octets);
    }

    @Override
    public void readComplete() {
        buffer.readEnds();
        input.readComplete();
    }

    @Override
    public void peerPings(byte[] payload) {
        if (state == State.OPEN) {
            output.pong(payload);
        }
    }

    @Override
    public boolean isClosing() {
        return state == State.CLOSING;
    }

    @Override
    public boolean isDown() {
        return state == State.LINGERING || state == State.CLOSED;
    }

    @Override
    public boolean isClosed() {
        return state == State.CLOSED;
    }

    // ------------------------------------------------------------------------------------------------ output

    @Override
    public void writabilityChanged() {
        if (ctx.channel().isWritable()) {
            stall.end();
            writable();
        } else {
            stall.begin();
        }
    }

    private void writable() {
        if (state != State.OPEN && state != State.CLOSING) {
            return;
        }
        boolean through = output.resume();
        if (state == State.CLOSING) {
            proceedClosing();
        } else if (through) {
            exchange.sendThrough();
        }
        buffer.flushIfIdle();
    }

    private void stalled() {
        LOG.debug("{} peer takes nothing", ctx.channel());
        reset();
    }

    // ------------------------------------------------------------------------------------------------ reasons to close

    /** The application closes. */
    void close(int code, String reason) {
        if (state == State.OPEN) {
            beginClosing(code, reason, new Closing(State.CLOSE_SENT, null, options.closeTimeout()));
        }
    }

    /** The server shuts down. */
    void drain() {
        if (state == State.OPEN) {
            int code = options.shutdownCode();
            beginClosing(code, "", new Closing(State.CLOSE_SENT, new Disconnect(code, ""), options.closeTimeout()));
        }
    }

    @Override
    public void fail(int code, String reason) {
        LOG.debug("{} closed with {}: {}", ctx.channel(), code, reason);
        if (state == State.OPEN) {
            beginClosing(code, reason, new Closing(State.LINGERING, new Disconnect(code, reason), linger));
        } else if (state == State.CLOSE_SENT) {
            tell(new Disconnect(code, reason));
            linger(linger);
        }
    }

    @Override
    public void endless() {
        LOG.debug("{} peer goes on though it is over", ctx.channel());
        reset();
    }

    @Override
    public void peerCloses(int code, String reason) {
        Disconnect event = new Disconnect(code, reason);
        if (state == State.OPEN) {
            beginClosing(code, "", new Closing(State.LINGERING, event, options.closeTimeout()));
        } else if (isDown()) {
            exchange.closeFound(event);
        } else {
            tell(event);
            linger(options.closeTimeout());
        }
    }

    /** The peer sends no more. What came whole may still be received. */
    void inputEnded() {
        input.end();
        switch (state) {
            case OPEN, CLOSE_SENT -> {
                tell(abnormal());
                linger(linger);
            }
            case LINGERING -> ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            case CLOSING, CLOSED -> {}
        }
    }

    private void closeTimedOut() {
        if (state == State.CLOSED) {
            return;
        }
        LOG.debug("{} closing handshake not complete in time", ctx.channel());
        failed();
    }

    // ------------------------------------------------------------------------------------------------ closing

    private void beginClosing(int code, String reason, Closing then) {
        state = State.CLOSING;
        closing = then;
        input.stopPinging();
        closeTimer.set(options.closeTimeout().toNanos());
        output.close(code, reason);
        proceedClosing();
    }

    /** Goes on from CLOSING if the close frame is written. */
    private void proceedClosing() {
        Closing then = closing;
        if (then == null || !output.isCloseWritten()) {
            return;
        }
        if (then.next() == State.LINGERING) {
            linger(then.patience());
        } else {
            state = State.CLOSE_SENT;
            buffer.flushIfIdle();
        }
        if (then.untold() != null) {
            tell(then.untold());
        }
        input.proceed();
    }

    /** Closes our direction when everything is flushed, and throws away what still comes. */
    private void linger(Duration patience) {
        state = State.LINGERING;
        input.stopPinging();
        closeTimer.set(patience.toNanos());
        buffer.flushNow();
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (input.isEnded() || !HalfClose.begin(ctx.channel())) {
                close();
            }
        });
        input.readAhead();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    private void close() {
        state = State.CLOSED;
        ctx.close();
    }

    void reset() {
        ConnectionReset.prepare(ctx.channel());
        failed();
    }

    /** Tells the application, which hears of the first reason alone. */
    private void tell(Disconnect event) {
        Closing underWay = closing;
        Disconnect earlier = underWay == null ? null : underWay.untold();
        exchange.closed(earlier == null ? event : earlier);
    }

    private static Disconnect abnormal() {
        return new Disconnect(WebSocketCloseCodes.ABNORMAL, "");
    }
}
