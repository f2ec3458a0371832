package io.asyncgateway.server;

import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that has become a WebSocket: frames in and out, the closing handshake and the timers. It takes the place of the HTTP handlers in the pipeline.
 *
 * <p>Messages are decoded when the application asks for one. What comes ahead of it waits, up to the inbound window, and then the socket is not read; control
 * frames are handled as long as no message stands before them.
 *
 * <p>Confined to its event loop.
 *
 * <pre>
 *   state        on                                  next         the application gets
 *   OPEN         peer's close frame                  LINGERING    its code; it is answered with the same
 *   OPEN         application closes or ends          CLOSE_SENT
 *   OPEN         shutdown                            CLOSE_SENT   1012 or 1001
 *   OPEN         rule or limit broken                LINGERING    1002, 1007, 1008 or 1009
 *   OPEN         ping not answered                   LINGERING    1011
 *   OPEN         end of input                        CLOSED       1006
 *   CLOSE_SENT   peer's close frame                  LINGERING    its code, if the application closed
 *   CLOSE_SENT   end of input, time                  CLOSED       1006, if the application closed
 *   LINGERING    end of input, time                  CLOSED
 *   any          connection lost, shutdown by force  CLOSED       1006, if it got nothing else
 * </pre>
 *
 * <p>Before CLOSE_SENT or LINGERING comes CLOSING, where the close frame has to wait for the end of a large frame that is on its way. In LINGERING our direction
 * is closed and input is thrown away, so that the peer can read our last frames (a close with octets unread would reset the connection).
 */
final class WebSocketConnection extends ChannelInboundHandlerAdapter implements WebSocketHeartbeat.Peer {
    private enum State {
        OPEN,
        CLOSING,
        CLOSE_SENT,
        LINGERING,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

    private static final Duration PINGS_WITHIN = Duration.ofSeconds(10);

    /** Octets that wait in a buffer of more than so many times their size are moved to one of their own, unless it is small. */
    private static final int WASTE = 4;

    private static final int SMALL = 512;

    private final ServerContext context;
    private final WebSocketExchange exchange;
    private final @Nullable PerMessageDeflateSession deflate;
    private final WebSocketDecoder decoder;

    private @Nullable ChannelHandlerContext ctx;
    private @Nullable OutputBuffer buffer;
    private @Nullable WebSocketOutput output;
    private @Nullable WebSocketHeartbeat heartbeat;
    private @Nullable LazyTimer closeTimer;
    private @Nullable StallWatch stall;

    private State state = State.OPEN;

    // Input
    private @Nullable ByteBuf input;
    private boolean starved = true;
    private boolean decoding;
    private boolean reading;
    private boolean inputEnded;
    private int pings;
    private long pingsUntil;

    // The close that is under way
    private State afterClosing = State.LINGERING;
    private WebSocketEvent.@Nullable Disconnect untold;
    private Duration patience = Duration.ZERO;

    WebSocketConnection(
            ServerContext context,
            WebSocketExchange exchange,
            @Nullable PerMessageDeflateSession deflate,
            int maxMessageSize) {
        this.context = context;
        this.exchange = exchange;
        this.deflate = deflate;
        this.decoder = new WebSocketDecoder(
                options().maxFrameSize(), maxMessageSize, deflate == null ? null : deflate.reader());
    }

    private WebSocketOptions options() {
        return context.config.webSocket();
    }

    // ------------------------------------------------------------------------------------------------ beginning and
    // end

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        EventLoop loop = context.channel().eventLoop();
        OutputBuffer octets = new OutputBuffer(context);
        buffer = octets;
        WebSocketEncoder encoder = new WebSocketEncoder(
                deflate == null ? null : deflate.writer(), options().compressionThreshold());
        output = new WebSocketOutput(octets, encoder, () -> loop.execute(this::writable));
        heartbeat = new WebSocketHeartbeat(loop, options(), this);
        closeTimer = new LazyTimer(loop, this::closeTimedOut);
        stall = new StallWatch(
                context.channel(),
                this.context.config.timeouts().responseGap(),
                this.context.config.limits().responseRate(),
                octets::passedOn,
                this::stalled);
    }

    /**
     * Takes the connection over from HTTP.
     *
     * @param octets what came behind the request; taken over
     * @param ended whether the peer has closed its direction
     * @param draining whether the server is shutting down
     */
    void begin(@Nullable ByteBuf octets, boolean ended, boolean draining) {
        input = octets;
        added(heartbeat).start();
        if (octets != null || ended || draining) {
            // Not here, within a send of the application that is not complete yet.
            ctx().channel().eventLoop().execute(() -> {
                if (draining) {
                    drain();
                }
                process();
                if (ended) {
                    inputEnded();
                }
                readAhead();
            });
        }
        readAhead();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        end();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
    }

    /** The connection is gone. */
    private void end() {
        state = State.CLOSED;
        added(heartbeat).stop();
        added(closeTimer).close();
        added(stall).close();
        added(buffer).discard();
        tell(abnormal());
        releaseUnwanted();
    }

    /** Gives back what decoding needs, once nobody wants what has come. */
    private void releaseUnwanted() {
        if (isDown() && !decoding && (starved || exchange.dropsMessages())) {
            starved = true;
            releaseInput();
            decoder.release();
            if (deflate != null) {
                deflate.close();
            }
        }
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

    private Channel channel() {
        return ctx().channel();
    }

    private WebSocketOutput output() {
        return added(output);
    }

    // ------------------------------------------------------------------------------------------------ input

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        added(buffer).readBegins();
        added(heartbeat).heard();
        exchange.heard();
        ByteBuf more = (ByteBuf) message;
        if (isDown()) {
            more.release();
            return;
        }
        ByteBuf before = input;
        input = before == null ? more : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), before, more);
        process();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        added(buffer).readEnds();
        reading = false;
        shrinkInput();
        readAhead();
    }

    /** The application waits for a message, or never will again. */
    void demand() {
        process();
        readAhead();
    }

    /** Whether a message has come that is not decoded yet. */
    boolean messageWaits() {
        return !starved;
    }

    /** Whether input is thrown away. What came before may still be received. */
    private boolean isDown() {
        return state == State.LINGERING || state == State.CLOSED;
    }

    private boolean mayDecode() {
        return switch (state) {
            case OPEN, CLOSE_SENT -> true;
            case CLOSING -> false;
            case LINGERING, CLOSED -> !starved && !exchange.dropsMessages();
        };
    }

    /** Handles what has come as far as it is wanted. */
    private void process() {
        if (decoding) {
            return;
        }
        decoding = true;
        try {
            while (mayDecode() && step()) {
                // one event each
            }
        } catch (WebSocketProtocolException broken) {
            starved = true;
            fail(broken.code(), broken.reason());
        } finally {
            decoding = false;
        }
        ByteBuf octets = input;
        if (octets != null && !octets.isReadable()) {
            releaseInput();
        }
        if (starved) {
            exchange.wakeReceiver();
        }
        releaseUnwanted();
    }

    /** Handles one event; false if there is none, or none that is wanted now. */
    private boolean step() throws WebSocketProtocolException {
        ByteBuf octets = input;
        boolean drops = exchange.dropsMessages();
        WebSocketDecoder.Result result = octets == null
                ? WebSocketDecoder.Result.NEED_MORE
                : decoder.decode(octets, drops || exchange.wantsMessage());
        starved = result == WebSocketDecoder.Result.NEED_MORE;
        switch (result) {
            case MESSAGE -> {
                WebSocketMessage message = decoder.takeMessage();
                if (!drops) {
                    exchange.message(message);
                }
            }
            case PING -> {
                countPing();
                if (state == State.OPEN) {
                    output().pong(decoder.pingPayload());
                }
            }
            case PONG -> {}
            case CLOSE -> peerCloses(decoder.closeCode(), decoder.closeReason());
            case NEED_MORE, MESSAGE_WAITS -> {
                return false;
            }
        }
        return true;
    }

    /** They are cheap for the peer and bring nothing, and each wants an answer. */
    private void countPing() throws WebSocketProtocolException {
        long now = channel().eventLoop().ticker().nanoTime();
        if (pings == 0 || now - pingsUntil >= 0) {
            pingsUntil = now + PINGS_WITHIN.toNanos();
            pings = 0;
        }
        if (++pings > options().pings()) {
            throw new WebSocketProtocolException(
                    WebSocketCloseCodes.POLICY_VIOLATION,
                    "more than " + options().pings() + " pings in " + PINGS_WITHIN.toSeconds() + " s");
        }
    }

    private void readAhead() {
        if (reading || inputEnded || state == State.CLOSED) {
            return;
        }
        boolean asked = isDown() || starved && mayDecode();
        if (asked || buffered() < context.config.limits().inboundWindow()) {
            reading = true;
            added(heartbeat).resumed();
            ctx().read();
        }
    }

    private int buffered() {
        ByteBuf octets = input;
        return octets == null ? 0 : octets.readableBytes();
    }

    private void shrinkInput() {
        ByteBuf octets = input;
        if (octets != null && octets.capacity() > SMALL && octets.capacity() > WASTE * octets.readableBytes()) {
            input = ctx().alloc().buffer(octets.readableBytes()).writeBytes(octets);
            octets.release();
        }
    }

    private void releaseInput() {
        ByteBuf octets = input;
        if (octets != null) {
            input = null;
            octets.release();
        }
    }

    // ------------------------------------------------------------------------------------------------ output

    /** Sends a message; false if its send has to wait for {@link WebSocketExchange#sendThrough()}. */
    boolean send(WebSocketMessage message) {
        return output().send(message);
    }

    long sentBytes() {
        return output().sentBytes();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel().isWritable()) {
            added(stall).end();
            writable();
        } else {
            added(stall).begin();
        }
    }

    private void writable() {
        if (state != State.OPEN && state != State.CLOSING) {
            return;
        }
        boolean through = output().resume();
        if (state == State.CLOSING) {
            closing();
        } else if (through) {
            exchange.sendThrough();
        }
        added(buffer).flushIfIdle();
    }

    private void stalled() {
        LOG.debug("{} peer takes nothing", channel());
        reset();
    }

    // ------------------------------------------------------------------------------------------------ keep-alive

    @Override
    public void ping() {
        output().ping();
    }

    @Override
    public boolean isHeard() {
        return reading;
    }

    @Override
    public void giveUp() {
        LOG.debug("{} ping not answered", channel());
        fail(WebSocketCloseCodes.INTERNAL_ERROR, "ping not answered");
    }

    // ------------------------------------------------------------------------------------------------ closing

    /** The application closes. */
    void close(int code, String reason) {
        if (state == State.OPEN) {
            beginClosing(code, reason, State.CLOSE_SENT, null, options().closeTimeout());
        }
    }

    private void drain() {
        if (state == State.OPEN) {
            int code = options().shutdownCode();
            beginClosing(
                    code, "", State.CLOSE_SENT, disconnect(code, ""), options().closeTimeout());
        }
    }

    /** The peer broke a rule, or is given up. */
    private void fail(int code, String reason) {
        LOG.debug("{} closed with {}: {}", channel(), code, reason);
        if (state == State.OPEN) {
            beginClosing(
                    code,
                    reason,
                    State.LINGERING,
                    disconnect(code, reason),
                    context.config.timeouts().linger());
        } else if (state == State.CLOSE_SENT) {
            tell(disconnect(code, reason));
            linger(context.config.timeouts().linger());
        }
    }

    private void peerCloses(int code, String reason) {
        starved = true; // nothing that follows a close frame has a meaning
        if (state == State.OPEN) {
            Duration forPeer = options().closeTimeout();
            beginClosing(code, "", State.LINGERING, disconnect(code, reason), forPeer);
        } else if (isDown()) {
            exchange.closeFound(disconnect(code, reason));
        } else {
            tell(disconnect(code, reason));
            linger(options().closeTimeout());
        }
    }

    private void beginClosing(
            int code, String reason, State next, WebSocketEvent.@Nullable Disconnect forApplication, Duration forPeer) {
        state = State.CLOSING;
        afterClosing = next;
        untold = forApplication;
        patience = forPeer;
        added(heartbeat).stop();
        added(closeTimer).set(options().closeTimeout().toNanos());
        output().close(code, reason);
        closing();
    }

    /** Goes on from CLOSING if the close frame is written. */
    private void closing() {
        if (!output().isCloseWritten()) {
            return;
        }
        if (afterClosing == State.LINGERING) {
            linger(patience);
        } else {
            state = State.CLOSE_SENT;
            added(buffer).flushIfIdle();
        }
        WebSocketEvent.Disconnect event = untold;
        if (event != null) {
            untold = null;
            tell(event);
        }
        process();
        readAhead();
    }

    /** Closes our direction when everything is flushed, and throws away what still comes. */
    private void linger(Duration forPeer) {
        state = State.LINGERING;
        added(heartbeat).stop();
        added(closeTimer).set(forPeer.toNanos());
        added(buffer).flushNow();
        ctx().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (inputEnded || !HalfClose.begin(channel())) {
                close();
            }
        });
        readAhead();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded();
        } else if (event == ServerEvent.DRAIN) {
            drain();
        } else if (event == ServerEvent.FORCE) {
            reset();
        } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
            ReferenceCountUtil.release(event);
        }
    }

    /** The peer sends no more. What came whole may still be received. */
    private void inputEnded() {
        inputEnded = true;
        switch (state) {
            case OPEN, CLOSE_SENT -> {
                tell(abnormal());
                linger(context.config.timeouts().linger());
            }
            case LINGERING -> ctx().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            case CLOSING, CLOSED -> {}
        }
    }

    private void closeTimedOut() {
        if (state == State.CLOSED) {
            return;
        }
        LOG.debug("{} closing handshake not complete in time", channel());
        tell(abnormal());
        close();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    private void close() {
        state = State.CLOSED;
        ctx().close();
    }

    private void reset() {
        channel().config().setOption(ChannelOption.SO_LINGER, 0);
        tell(abnormal());
        close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{} connection lost", channel(), cause);
        } else {
            LOG.error("{} connection failed", channel(), cause);
        }
        tell(abnormal());
        close();
    }

    private void tell(WebSocketEvent.Disconnect event) {
        WebSocketEvent.Disconnect earlier = untold;
        untold = null;
        exchange.closed(earlier == null ? event : earlier);
    }

    private static WebSocketEvent.Disconnect disconnect(int code, String reason) {
        return new WebSocketEvent.Disconnect(code, reason);
    }

    private static WebSocketEvent.Disconnect abnormal() {
        return disconnect(WebSocketCloseCodes.ABNORMAL, "");
    }
}
