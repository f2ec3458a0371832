package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.ReferenceCountUtil;

/**
 * A unidirectional stream of the peer, whose first number says what it is (RFC 9114 section 6.2, RFC 9204 section 4.2). The three that every connection has are there to its end; one of a
 * type that is not known is read and thrown away, and stopped where it is long. Confined to the event loop of its connection.
 */
final class Http3PeerStream extends ChannelInboundHandlerAdapter {
    static final int CONTROL = 0;
    private static final int PUSH = 1;
    static final int ENCODER = 2;
    static final int DECODER = 3;

    /** What is read of a stream that means nothing here. */
    private static final int MOST_UNKNOWN = 16 * 1024;

    /** What becomes of the octets. */
    private interface Content {
        void read(ByteBuf in) throws Http3Failure;
    }

    private final Http3Connection connection;
    private final VarInt type = new VarInt();
    private Content content = this::readType;
    private boolean critical;
    private int unknown;
    private boolean over;

    Http3PeerStream(Http3Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        QuicStreamFrame frame = (QuicStreamFrame) message;
        try {
            ByteBuf in = frame.content();
            while (in.isReadable() && !over) {
                content.read(in);
            }
            if (frame.hasFin()) {
                ended(ctx);
            } else if (unknown > MOST_UNKNOWN) {
                stop(ctx);
            }
        } catch (Http3Failure failure) {
            over = true;
            connection.fail(failure);
        } finally {
            frame.release();
        }
        if (!over) {
            ctx.read();
        }
    }

    private void readType(ByteBuf in) throws Http3Failure {
        if (!type.read(in)) {
            return;
        }
        long kind = type.value();
        if (kind == PUSH) {
            throw Http3Failure.ofConnection(Http3Error.H3_STREAM_CREATION_ERROR, "a push of a client");
        }
        if (kind > DECODER) {
            content = this::skip;
            return;
        }
        critical = true;
        connection.only((int) kind);
        content = switch ((int) kind) {
            case CONTROL -> new Http3ControlStream(connection.guard)::read;
            case ENCODER -> QpackStreams.ofEncoder(connection.guard)::read;
            default -> QpackStreams.ofDecoder(connection.guard)::read;
        };
    }

    private void skip(ByteBuf in) {
        unknown += in.readableBytes();
        in.skipBytes(in.readableBytes());
    }

    private void ended(ChannelHandlerContext ctx) throws Http3Failure {
        over = true;
        if (critical) {
            throw closed();
        }
        close(ctx);
    }

    private static Http3Failure closed() {
        return Http3Failure.ofConnection(
                Http3Error.H3_CLOSED_CRITICAL_STREAM, "a stream that is there to the end of the connection has ended");
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nothing follows from it
    private void stop(ChannelHandlerContext ctx) {
        over = true;
        ((QuicStreamChannel) ctx.channel()).shutdownInput(Http3Error.H3_STREAM_CREATION_ERROR.code());
        connection.abandoned();
        close(ctx);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nothing follows from it
    private static void close(ChannelHandlerContext ctx) {
        ctx.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        ReferenceCountUtil.release(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (over || !ctx.channel().parent().isActive()) {
            return;
        }
        over = true;
        if (critical) {
            connection.fail(closed());
        } else {
            if (cause instanceof QuicStreamResetException) {
                connection.abandoned();
            }
            close(ctx);
        }
    }
}
