package io.asyncgateway.perf;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

/**
 * A member of a room that reads as fast as it can, and speaks just enough of the protocol: it opens, answers pings, and takes binary messages of
 * {@value #SIZE} bytes, which begin with when they were sent and their number.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the connection.
abstract class RoomMember extends SimpleChannelInboundHandler<ByteBuf> {
    static final int SIZE = 128;

    private static final int HEAD = 4;
    private static final int FRAME = HEAD + SIZE;
    private static final int FRAME_HEAD = 0x82 << 24 | 126 << 16 | SIZE;
    private static final int STAMP = 2 * Long.BYTES;
    private static final int PING = 0x89;
    private static final int PONG = 0x8a;
    private static final int CLOSE = 0x88;
    private static final ByteBuf END_OF_HEAD = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("\r\n\r\n", US_ASCII).asReadOnly());

    private final ByteBuf pending = Unpooled.buffer(512);
    private boolean open;

    /** A masked message; masking with zeros is legal and leaves the payload as it is. */
    static ByteBuf message(long sentAt, long number) {
        ByteBuf frame = Unpooled.directBuffer(HEAD + 4 + SIZE);
        frame.writeByte(0x82).writeByte(0x80 | 126).writeShort(SIZE).writeInt(0);
        frame.writeLong(sentAt).writeLong(number);
        for (int i = STAMP; i < SIZE; i++) {
            frame.writeByte(i);
        }
        return frame;
    }

    /** The handshake is done. */
    abstract void opened(ChannelHandlerContext context);

    /** A message came. */
    abstract void delivered(ChannelHandlerContext context, long sentAt, long number, int lastByte);

    /** It was something else that came; the connection is closed next. */
    abstract void failed(String what);

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(Unpooled.copiedBuffer(Opening.of("/ws"), US_ASCII));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf read) {
        if (open && !pending.isReadable()) {
            frames(context, read);
            pending.writeBytes(read);
            return;
        }
        pending.writeBytes(read);
        if (open || opening(context)) {
            frames(context, pending);
        }
        pending.discardReadBytes();
    }

    private boolean opening(ChannelHandlerContext context) {
        int end = ByteBufUtil.indexOf(END_OF_HEAD, pending);
        if (end < 0) {
            return false;
        }
        String head = pending.readCharSequence(end + END_OF_HEAD.readableBytes(), US_ASCII)
                .toString();
        if (!head.startsWith("HTTP/1.1 101 ")) {
            fail(context, head.lines().findFirst().orElse(head));
            return false;
        }
        open = true;
        opened(context);
        return true;
    }

    private void frames(ChannelHandlerContext context, ByteBuf read) {
        while (controls(context, read) && read.readableBytes() >= FRAME) {
            int start = read.readerIndex();
            if (read.getInt(start) != FRAME_HEAD) {
                fail(context, "not a message of " + SIZE + ": " + ByteBufUtil.hexDump(read, start, HEAD));
                read.skipBytes(read.readableBytes());
                return;
            }
            delivered(
                    context,
                    read.getLong(start + HEAD),
                    read.getLong(start + HEAD + Long.BYTES),
                    read.getByte(start + FRAME - 1));
            read.skipBytes(FRAME);
        }
    }

    /** Answers pings and skips a close frame; {@code false} where one is not there as a whole. */
    private static boolean controls(ChannelHandlerContext context, ByteBuf read) {
        while (read.readableBytes() >= 2) {
            int type = read.getUnsignedByte(read.readerIndex());
            int length = read.getUnsignedByte(read.readerIndex() + 1);
            if (type != PING && type != CLOSE) {
                return true;
            }
            if (read.readableBytes() < 2 + length) {
                return false;
            }
            read.skipBytes(2);
            if (type == PING) {
                ByteBuf pong = context.alloc().buffer(6 + length);
                pong.writeByte(PONG).writeByte(0x80 | length).writeInt(0).writeBytes(read, length);
                context.writeAndFlush(pong);
            } else {
                read.skipBytes(length);
            }
        }
        return true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context, cause.toString());
    }

    final void fail(ChannelHandlerContext context, String what) {
        failed(what);
        context.close();
    }
}
