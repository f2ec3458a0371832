package io.asyncgateway.perf;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

/** One client. It compares the first message that comes back with the one it sent, and counts the bytes of the others. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write comes to exceptionCaught.
final class WebSocketClient extends SimpleChannelInboundHandler<ByteBuf> {
    private static final int SIZE = 128;
    private static final ByteBuf SENT = Unpooled.unreleasableBuffer(masked());
    private static final ByteBuf EXPECTED = Unpooled.unreleasableBuffer(plain());

    private final WebSocketRound round;
    private final ByteBuf first = Unpooled.buffer(512);
    private State state = State.OPENING;
    private int bytes;

    WebSocketClient(WebSocketRound round) {
        this.round = round;
    }

    private enum State {
        OPENING,
        FIRST_MESSAGE,
        COUNTING
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == WebSocketRound.START) {
            context.writeAndFlush(SENT.duplicate(), context.voidPromise());
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf read) {
        switch (state) {
            case OPENING -> opening(context, read);
            case FIRST_MESSAGE -> firstMessage(context, read);
            case COUNTING -> count(context, read.readableBytes());
        }
    }

    private void opening(ChannelHandlerContext context, ByteBuf read) {
        first.writeBytes(read);
        String head = first.toString(US_ASCII);
        if (head.endsWith("\r\n\r\n")) {
            if (head.startsWith("HTTP/1.1 101 ")) {
                state = State.FIRST_MESSAGE;
                first.clear();
                round.opened();
            } else {
                fail(context, head.lines().findFirst().orElse(head));
            }
        }
    }

    private void firstMessage(ChannelHandlerContext context, ByteBuf read) {
        first.writeBytes(read);
        if (first.readableBytes() >= EXPECTED.readableBytes()) {
            if (!first.equals(EXPECTED)) {
                fail(context, "another message came back: " + ByteBufUtil.hexDump(first));
                return;
            }
            state = State.COUNTING;
            again(context);
        }
    }

    private void count(ChannelHandlerContext context, int read) {
        bytes += read;
        if (bytes >= EXPECTED.capacity()) {
            bytes -= EXPECTED.capacity();
            again(context);
        }
    }

    private void again(ChannelHandlerContext context) {
        if (round.returned()) {
            context.writeAndFlush(SENT.duplicate(), context.voidPromise());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        round.failed("the server closed a connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context, cause.toString());
    }

    private void fail(ChannelHandlerContext context, String what) {
        round.failed(what);
        context.close();
    }

    private static ByteBuf plain() {
        ByteBuf frame = Unpooled.buffer(4 + SIZE, 4 + SIZE);
        frame.writeByte(0x82).writeByte(126).writeShort(SIZE);
        for (int i = 0; i < SIZE; i++) {
            frame.writeByte(i);
        }
        return frame;
    }

    private static ByteBuf masked() {
        int[] mask = {0x12, 0x34, 0x56, 0x78};
        ByteBuf frame = Unpooled.directBuffer(8 + SIZE);
        frame.writeByte(0x82).writeByte(0x80 | 126).writeShort(SIZE);
        for (int octet : mask) {
            frame.writeByte(octet);
        }
        for (int i = 0; i < SIZE; i++) {
            frame.writeByte(i ^ mask[i % mask.length]);
        }
        return frame;
    }
}
