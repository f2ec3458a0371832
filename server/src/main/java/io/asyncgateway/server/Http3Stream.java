package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its response on a stream of QUIC. The stream is read only as far as its application has asked, and one piece ahead; the window of QUIC holds back the rest. Confined to the
 * event loop of its connection.
 *
 * <pre>
 *   input: HEAD ──(header section)──► OPEN ──(end)──► ENDED
 *          OPEN ──(limit, time, the response is complete)──► UNWANTED ──(end)──► ENDED
 *          UNWANTED ──(too much, too long)──► STOPPED
 * </pre>
 */
final class Http3Stream extends ChannelInboundHandlerAdapter
        implements HttpStream, Http3RequestDecoder.Message, StreamFileTransfer.Target, StreamWebSocketChannel.Stream {
    private enum Input {
        HEAD,
        OPEN,
        UNWANTED,
        ENDED,
        STOPPED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Http3Stream.class);

    private static final byte[] NOTHING = {};

    /** Octets of a WebSocket in one frame. */
    private static final int MOST_OF_A_FRAME = 16 * 1024;

    private final Http3Connection connection;
    private final ServerContext context;
    private final Http3RequestDecoder decoder;
    private final Http3ResponseWriter writer;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Http3Output output;
    private @Nullable HttpExchange exchange;
    private boolean closed;

    // Input
    private Input input = Input.HEAD;
    private long declared = HeadEncoder.NO_LENGTH;
    private long size;
    private long unwanted;
    private byte[] waiting = NOTHING;
    private int waitingSize;
    private @Nullable Headers trailers;
    private boolean ended;
    private boolean demanded;
    private boolean reading;
    private @Nullable LazyTimer inputTimer;
    private @Nullable Pace pace;

    // Output
    private @Nullable LazyTimer stall;
    private boolean awaitsRoom;
    private @Nullable StreamFileTransfer file;

    // A WebSocket
    private boolean webSocket;
    private @Nullable StreamWebSocketChannel tunnel;

    Http3Stream(Http3Connection connection) {
        this.connection = connection;
        this.context = connection.context;
        this.decoder = connection.decoder(this);
        this.writer = new Http3ResponseWriter(this, connection.heads);
    }

    // ------------------------------------------------------------------------------------------------ the channel

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
        output = new Http3Output(added);
    }

    private ChannelHandlerContext ctx() {
        ChannelHandlerContext known = ctx;
        if (known == null) {
            throw new IllegalStateException("used before it was added to a pipeline");
        }
        return known;
    }

    private QuicStreamChannel channel() {
        return (QuicStreamChannel) ctx().channel();
    }

    private Http3Output output() {
        Http3Output known = output;
        if (known == null) {
            throw new IllegalStateException("used before it was added to a pipeline");
        }
        return known;
    }

    Http3Connection connection() {
        return connection;
    }

    ChannelPromise newPromise() {
        return ctx().newPromise();
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        limitInput(context.config.timeouts().requestHead());
        readOn();
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        reading = false;
        output().readBegins();
        QuicStreamFrame frame = (QuicStreamFrame) message;
        try {
            if (isOpen()) {
                decoder.input(frame.content(), frame.hasFin());
                deliver();
            }
        } catch (Http3Failure failure) {
            fail(failure);
        } finally {
            frame.release();
        }
        output().readEnds();
        readOn();
    }

    private void readOn() {
        boolean wanted =
                switch (input) {
                    case HEAD -> true;
                    case OPEN -> demanded || waitingSize == 0;
                    case UNWANTED -> exchange == null; // else the window holds the peer back
                    case ENDED, STOPPED -> false;
                };
        if (wanted && !reading && !closed) {
            reading = true;
            ctx().read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event == Http3Output.Event.WRITTEN) {
            clear(stall);
            if (input == Input.STOPPED) {
                close();
            }
        } else {
            ReferenceCountUtil.release(event); // the end of the input, which came with its last octets
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        if (output().isWriting() || closed || !awaitsRoom || !channel().isWritable()) {
            return;
        }
        awaitsRoom = false;
        clear(stall);
        StreamFileTransfer sending = file;
        StreamWebSocketChannel webSocketChannel = tunnel;
        HttpExchange current = exchange;
        if (sending != null) {
            sending.proceed();
        } else if (webSocketChannel != null) {
            webSocketChannel.proceed();
        } else if (current != null) {
            current.writable();
        }
    }

    /** Later, for a write that fails does so in the middle of what the exchange does. */
    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        loop().execute(() -> lost(cause));
    }

    /** The peer has reset the stream, or takes no more of it, or the connection is gone. */
    private void lost(Throwable cause) {
        if (closed) {
            return;
        }
        boolean ofPeer = cause instanceof IOException || cause instanceof QuicException;
        if (ofPeer) {
            LOG.debug("{} stream lost", channel(), cause);
        } else {
            LOG.error("{} stream failed", channel(), cause);
        }
        if (cause instanceof QuicStreamResetException && input != Input.ENDED) {
            input = Input.STOPPED;
        }
        reset(ofPeer ? Http3Error.H3_REQUEST_CANCELLED : Http3Error.H3_INTERNAL_ERROR);
        peerGone();
        if (channel().parent().isActive()) {
            connection.count(Http3FloodGuard.Kind.RESET);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        closed();
        peerGone();
        connection.closed(this);
    }

    // ------------------------------------------------------------------------------------------------ the request

    @Override
    public boolean isOpen() {
        return !closed && input != Input.ENDED && input != Input.STOPPED;
    }

    @Override
    public void head(FieldSection section, boolean last) throws Http3Failure {
        clear(inputTimer);
        input = last ? Input.ENDED : Input.OPEN;
        try {
            RequestHead head = connection.parser.parse(section, last);
            declared = head.hasBody() ? connection.parser.contentLength() : 0;
            webSocket = head.upgrade();
            writer.begin(head);
            Dispatcher.dispatch(this, head, context);
        } catch (MalformedMessage malformed) {
            throw malformed(malformed);
        } catch (HttpFailure failure) {
            refuse(failure);
        }
    }

    private static Http3Failure malformed(MalformedMessage malformed) {
        return Http3Failure.ofStream(Http3Error.H3_MESSAGE_ERROR, String.valueOf(malformed.getMessage()));
    }

    /** Answers in the server's own name a request that reaches no application; without a body, for it may be to HEAD. */
    private void refuse(HttpFailure failure) {
        LOG.debug("request refused with {}: {}", failure.status(), failure.getMessage());
        HttpEvent.ResponseStart start = PlainResponse.of(failure.status()).start();
        connection.heads.response(start.status(), start.headers(), 0);
        headers(connection.heads.qpack(), true);
        responded();
        connection.count(Http3FloodGuard.Kind.RESET);
    }

    @Override
    public void data(ByteBuf in, int length) throws Http3Failure {
        size += length;
        checkDeclared(false);
        long limit = context.config.limits().bodySize();
        if (input == Input.OPEN && size > limit) {
            broken(new HttpFailure(413, "body of more than " + limit + " octets"));
        }
        if (input != Input.OPEN) {
            in.skipBytes(length);
            unwanted += length;
            if (unwanted > context.config.limits().unreadBody() && exchange == null) {
                stopInput();
            }
            return;
        }
        if (waitingSize + length > waiting.length) {
            waiting = Arrays.copyOf(waiting, Math.max(waitingSize + length, 2 * waitingSize));
        }
        in.readBytes(waiting, waitingSize, length);
        waitingSize += length;
        pace().came(clock(), length);
    }

    private Pace pace() {
        Pace known = pace;
        if (known == null) {
            known = new Pace(
                    context.config.timeouts().bodyGap(), context.config.limits().bodyRate());
            pace = known;
        }
        return known;
    }

    private long clock() {
        return loop().ticker().nanoTime();
    }

    private void checkDeclared(boolean last) throws Http3Failure {
        if (declared >= 0 && (size > declared || last && size < declared)) {
            throw Http3Failure.ofStream(Http3Error.H3_MESSAGE_ERROR, "a body of another length than content-length");
        }
    }

    @Override
    public void trailers(FieldSection section) throws Http3Failure {
        if (webSocket) {
            throw Http3FrameDecoder.unexpected("HEADERS in a WebSocket");
        }
        try {
            trailers = connection.parser.trailers(section);
        } catch (MalformedMessage malformed) {
            throw malformed(malformed);
        } catch (HttpFailure failure) {
            broken(failure);
        }
    }

    @Override
    public void end() throws Http3Failure {
        checkDeclared(true);
        ended = input == Input.OPEN;
        input = Input.ENDED;
        clear(inputTimer);
    }

    /** The rest of the body can't be had. */
    private void broken(HttpFailure failure) {
        HttpExchange current = exchange;
        if (input == Input.OPEN && current != null) {
            input = Input.UNWANTED;
            clear(inputTimer);
            current.bodyBroken(failure);
        }
    }

    @Override
    public void demand() {
        demanded = true;
        deliver();
        if (demanded && input == Input.OPEN && !closed) {
            if (tunnel == null) {
                limitInput(Duration.ofNanos(pace().waits(clock())));
            }
            readOn();
        }
    }

    @Override
    public boolean hasInput() {
        return waitingSize > 0 || ended;
    }

    private void deliver() {
        HttpExchange current = exchange;
        StreamWebSocketChannel webSocketChannel = tunnel;
        if (!demanded || closed || current == null && webSocketChannel == null || !hasInput()) {
            return;
        }
        demanded = false;
        clear(inputTimer);
        byte[] octets = waiting;
        int length = waitingSize;
        waiting = NOTHING;
        waitingSize = 0;
        boolean last = ended;
        ended = false;
        Headers fields = trailers;
        if (webSocketChannel != null) {
            webSocketChannel.received(octets, length, last);
        } else if (current != null) {
            ByteBuffer body = ByteBuffer.wrap(octets, 0, length).slice().asReadOnlyBuffer();
            current.bodyPart(new HttpEvent.Request(body, !last, last && fields != null ? fields : Headers.empty()));
        }
        readOn();
    }

    private void limitInput(Duration limit) {
        LazyTimer timer = inputTimer;
        if (timer == null) {
            timer = new LazyTimer(loop(), this::inputTimedOut);
            inputTimer = timer;
        }
        timer.set(limit.toNanos());
    }

    private void inputTimedOut() {
        if (input == Input.HEAD) {
            fail(Http3Failure.ofStream(Http3Error.H3_REQUEST_INCOMPLETE, "no header section in time"));
        } else if (input == Input.OPEN) {
            broken(new HttpFailure(408, "body stalled"));
        } else if (input == Input.UNWANTED) {
            stopInput();
        }
    }

    // ------------------------------------------------------------------------------------------------ the response

    void headers(QpackEncoder section, boolean last) {
        if (!closed) {
            output().headers(section, last);
        }
    }

    @Override
    public int write(ByteBuffer body, int offset, int length, boolean last) {
        if (!closed) {
            output().data(body, offset, length, last);
        }
        return length;
    }

    @Override
    public int write(ByteBuf octets) {
        int length = Math.min(octets.readableBytes(), MOST_OF_A_FRAME);
        output().data(octets, length);
        return length;
    }

    @Override
    public boolean isWritable() {
        if (closed || output().isWritable()) {
            return !closed;
        }
        awaitsRoom = true;
        watchOutput();
        return false;
    }

    private void watchOutput() {
        LazyTimer timer = stall;
        if (timer == null) {
            timer = new LazyTimer(loop(), this::stalled);
            stall = timer;
        }
        if (!timer.isSet()) {
            timer.set(context.config.timeouts().responseGap().toNanos());
        }
    }

    private void stalled() {
        LOG.debug("{} peer takes nothing", channel());
        reset(Http3Error.H3_REQUEST_CANCELLED);
        peerGone();
    }

    @Override
    public void sending(@Nullable StreamFileTransfer transfer) {
        file = transfer;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void flush() {
        output().flushIfIdle();
    }

    // ------------------------------------------------------------------------------------------------ what the
    // exchange asks

    @Override
    public EventLoop loop() {
        return ctx().channel().eventLoop();
    }

    @Override
    public Addresses addresses() {
        return connection.addresses();
    }

    @Override
    public void occupy(HttpExchange occupant) {
        exchange = occupant;
    }

    @Override
    public ResponseWriter writer() {
        return writer;
    }

    /** The connection goes on, whatever becomes of one stream. */
    @Override
    public boolean isClosing() {
        return false;
    }

    /** Everything that waits here is watched. */
    @Override
    public void watchStall() {}

    @Override
    public void exchangeEnded(HttpExchange occupant, boolean goesOn) {
        exchange = null;
        responded();
    }

    /** The server has sent everything; where the peer has not, it may for a while, which is cheaper for both than a stop. */
    private void responded() {
        if (input == Input.OPEN || input == Input.UNWANTED) {
            input = Input.UNWANTED;
            waiting = NOTHING;
            waitingSize = 0;
            limitInput(context.config.timeouts().linger());
            readOn();
        }
        output().flushIfIdle();
        if (!closed && !output().isWritable()) {
            watchOutput();
        }
    }

    /** What is left of the body is not wanted, and the response holds all the same (RFC 9114 section 4.1). */
    @SuppressWarnings("FutureReturnValueIgnored") // nothing follows from it
    private void stopInput() {
        input = Input.STOPPED;
        channel().shutdownInput(Http3Error.H3_NO_ERROR.code());
        connection.abandoned();
        if (channel().isOutputShutdown()) {
            close();
        }
    }

    @Override
    public void abort(boolean sendingFile) {
        exchange = null;
        reset(Http3Error.H3_INTERNAL_ERROR);
    }

    @Override
    public void openWebSocket(
            WebSocketHandshake.Valid handshake, Headers agreed, Headers headers, WebSocketConnection successor) {
        exchange = null;
        connection.heads.webSocket(agreed, headers);
        output().headers(connection.heads.qpack(), false);
        StreamWebSocketChannel channel = new StreamWebSocketChannel(this, channel(), context.config.limits());
        tunnel = channel;
        channel.open(successor);
        successor.begin(null, false, context.draining.isFired());
    }

    @Override
    public void endTunnel() {
        output().end(true);
        output().flushIfIdle();
    }

    @Override
    public void tunnelClosed(boolean wasEnded) {
        tunnel = null;
        if (wasEnded && input == Input.ENDED) {
            return; // the transport closes it
        }
        reset(wasEnded ? Http3Error.H3_NO_ERROR : Http3Error.H3_REQUEST_CANCELLED);
    }

    /** Tells a WebSocket of what the server does; {@code false} if this is none. */
    boolean tell(ServerEvent event) {
        StreamWebSocketChannel channel = tunnel;
        if (channel != null) {
            channel.pipeline().fireUserEventTriggered(event);
        }
        return channel != null;
    }

    // ------------------------------------------------------------------------------------------------ the end

    private void fail(Http3Failure failure) {
        if (failure.isOfConnection()) {
            connection.fail(failure);
            return;
        }
        LOG.debug("{} reset with {}: {}", channel(), failure.error(), failure.getMessage());
        reset(failure.error());
        peerGone();
        connection.count(Http3FloodGuard.Kind.RESET);
    }

    /** Ends both directions so that the peer sees that something is missing. */
    @SuppressWarnings("FutureReturnValueIgnored") // nothing follows from it
    void reset(Http3Error error) {
        if (closed) {
            return;
        }
        closed();
        channel().shutdown(error.code());
        if (input != Input.ENDED) {
            connection.abandoned();
        }
        close();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    private void close() {
        ctx().close();
    }

    private void closed() {
        if (closed) {
            return;
        }
        closed = true;
        output().discard();
        waiting = NOTHING;
        waitingSize = 0;
        close(inputTimer);
        close(stall);
        StreamFileTransfer sending = file;
        if (sending != null) {
            sending.proceed();
        }
        StreamWebSocketChannel webSocketChannel = tunnel;
        if (webSocketChannel != null) {
            webSocketChannel.gone();
        }
    }

    private static void clear(@Nullable LazyTimer timer) {
        if (timer != null) {
            timer.clear();
        }
    }

    private static void close(@Nullable LazyTimer timer) {
        if (timer != null) {
            timer.close();
        }
    }

    private void peerGone() {
        HttpExchange current = exchange;
        exchange = null;
        if (current != null) {
            current.peerGone();
        }
    }

    /** By force, without the grace period. */
    void cancelApplication() {
        HttpExchange current = exchange;
        peerGone();
        if (current != null) {
            current.cancelApplication();
        }
    }
}
