package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamResetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its response on a stream of QUIC: what its exchange, its file or its WebSocket asks, and its end. What comes is {@link Http3StreamInput}, what goes out {@link Http3Output}.
 * Confined to the event loop of its connection.
 */
final class Http3Stream extends MultiplexedStream {
    private static final Logger LOG = LoggerFactory.getLogger(Http3Stream.class);

    /** Octets of a WebSocket in one frame. */
    private static final int MOST_OF_A_FRAME = 16 * 1024;

    private final Http3Connection connection;
    private final ChannelHandlerContext ctx;
    private final QuicStreamChannel channel;
    private final Http3StreamInput input;
    private final Http3Output output;
    private final Http3ResponseWriter writer;
    private @Nullable PaceTimer stall;
    private boolean awaitsRoom;

    Http3Stream(Http3Connection connection, ChannelHandlerContext ctx) {
        super(connection.context);
        this.connection = connection;
        this.ctx = ctx;
        this.channel = (QuicStreamChannel) ctx.channel();
        this.input = new Http3StreamInput(this, connection);
        this.output = new Http3Output(ctx);
        this.writer = new Http3ResponseWriter(this, connection.heads);
    }

    Http3Connection connection() {
        return connection;
    }

    ChannelPromise newPromise() {
        return ctx.newPromise();
    }

    // ------------------------------------------------------------------------------------------------ the request

    void begin() {
        input.begin();
    }

    /** A piece of the stream has come, which is taken over. */
    void read(QuicStreamFrame frame) {
        output.readBegins();
        try {
            input.read(frame.content(), frame.hasFin());
        } catch (Http3Failure failure) {
            fail(failure);
        } finally {
            frame.release();
        }
        output.readEnds();
        input.readOn();
    }

    /** Asks the stream for its next piece. */
    void readOn() {
        ctx.read();
    }

    /** The header section has come. */
    void requested(RequestHead head) {
        writer.begin(head);
        Dispatcher.dispatch(this, head, context);
    }

    /** Answers in the server's own name a request that reaches no application; without a body, for it may be to HEAD. */
    void refuse(HttpFailure failure) {
        LOG.debug("request refused with {}: {}", failure.status(), failure.getMessage());
        HttpEvent.ResponseStart start = PlainResponse.of(failure.status()).start();
        connection.heads.response(start.status(), start.headers(), 0);
        headers(connection.heads.qpack(), true);
        responded();
        connection.count(Http3FloodGuard.Kind.RESET);
    }

    // ------------------------------------------------------------------------------------------------ the response

    void headers(QpackEncoder section, boolean last) {
        if (!isClosed()) {
            output.headers(section, last);
        }
    }

    @Override
    public int write(ByteBuffer body, int offset, int length, boolean last) {
        if (!isClosed()) {
            output.data(body, offset, length, last);
        }
        return length;
    }

    @Override
    public int write(ByteBuf octets) {
        int length = Math.min(octets.readableBytes(), MOST_OF_A_FRAME);
        output.data(octets, length);
        return length;
    }

    @Override
    public boolean isWritable() {
        if (isClosed() || output.isWritable()) {
            return !isClosed();
        }
        awaitsRoom = true;
        watchOutput();
        return false;
    }

    private void watchOutput() {
        PaceTimer timer = stall;
        if (timer == null) {
            timer = new PaceTimer(
                    new LazyTimer(loop(), this::stalled),
                    context.config.timeouts().responseGap(),
                    context.config.limits().responseRate());
            stall = timer;
        }
        timer.waits();
    }

    /** The peer has taken what was waiting for it. */
    private void taken() {
        PaceTimer timer = stall;
        if (timer != null) {
            timer.clear();
            timer.came(output.handedOver());
        }
    }

    private void stalled() {
        LOG.debug("{} peer takes nothing", channel);
        reset(Http3Error.H3_REQUEST_CANCELLED);
        peerGone();
    }

    void writabilityChanged() {
        if (output.isWriting() || isClosed() || !awaitsRoom || !output.isWritable()) {
            return;
        }
        awaitsRoom = false;
        taken();
        resume();
    }

    /** Everything up to the end is the transport's. */
    void written() {
        taken();
        if (input.isStopped()) {
            close();
        }
    }

    /** The server has sent everything. */
    private void responded() {
        input.unwanted();
        output.flushIfIdle();
        if (!isClosed() && !output.isWritable()) {
            watchOutput();
        }
    }

    // ------------------------------------------------------------------------------------------------ what is asked

    @Override
    QuicStreamChannel channel() {
        return channel;
    }

    @Override
    public Addresses addresses() {
        return connection.addresses();
    }

    @Override
    public ResponseWriter writer() {
        return writer;
    }

    @Override
    public void demand() {
        input.demand();
    }

    @Override
    public boolean hasInput() {
        return input.hasInput();
    }

    @Override
    public void flush() {
        output.flushIfIdle();
    }

    @Override
    public void exchangeEnded(HttpExchange occupant, boolean goesOn) {
        vacate();
        responded();
    }

    @Override
    public void abort(boolean sendingFile) {
        vacate();
        reset(Http3Error.H3_INTERNAL_ERROR);
    }

    @Override
    void acceptWebSocket(Headers agreed, Headers headers) {
        connection.heads.webSocket(agreed, headers);
        output.headers(connection.heads.qpack(), false);
    }

    @Override
    public void endTunnel() {
        output.end(true);
        output.flushIfIdle();
    }

    @Override
    void webSocketClosed(boolean ended) {
        if (ended && input.isEnded()) {
            return; // the transport closes it
        }
        reset(ended ? Http3Error.H3_NO_ERROR : Http3Error.H3_REQUEST_CANCELLED);
    }

    // ------------------------------------------------------------------------------------------------ the end

    /** What is left of the body is not wanted, and the response holds all the same (RFC 9114 section 4.1). */
    @SuppressWarnings("FutureReturnValueIgnored") // nothing follows from it
    void stopInput() {
        channel.shutdownInput(Http3Error.H3_NO_ERROR.code());
        connection.abandoned();
        if (channel.isOutputShutdown()) {
            close();
        }
    }

    /** The peer broke a rule. */
    void fail(Http3Failure failure) {
        if (failure.isOfConnection()) {
            connection.fail(failure);
            return;
        }
        LOG.debug("{} reset with {}: {}", channel, failure.error(), failure.getMessage());
        reset(failure.error());
        peerGone();
        connection.count(Http3FloodGuard.Kind.RESET);
    }

    /** The peer has reset the stream, or takes no more of it, or the connection is gone. */
    void lost(Throwable cause) {
        if (isClosed()) {
            return;
        }
        boolean ofPeer = cause instanceof IOException || cause instanceof QuicException;
        if (ofPeer) {
            LOG.debug("{} stream lost", channel, cause);
        } else {
            LOG.error("{} stream failed", channel, cause);
        }
        if (cause instanceof QuicStreamResetException) {
            input.wasReset();
        }
        reset(ofPeer ? Http3Error.H3_REQUEST_CANCELLED : Http3Error.H3_INTERNAL_ERROR);
        peerGone();
        if (channel.parent().isActive()) {
            connection.count(Http3FloodGuard.Kind.RESET);
        }
    }

    /** Ends both directions so that the peer sees that something is missing. */
    private void reset(Http3Error error) {
        if (isClosed()) {
            return;
        }
        closed();
        connection.resets.reset(channel, error);
        if (!input.isEnded()) {
            connection.abandoned();
        }
        connection.closed(this);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    private void close() {
        ctx.close();
    }

    /** The stream is over, with or without its connection. */
    void gone() {
        closed();
        peerGone();
        connection.closed(this);
    }

    @Override
    void release() {
        output.discard();
        input.close();
        PaceTimer timer = stall;
        if (timer != null) {
            timer.close();
        }
    }
}
