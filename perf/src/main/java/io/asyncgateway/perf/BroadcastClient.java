package io.asyncgateway.perf;

import io.netty.channel.ChannelHandlerContext;

/** A member that measures: every message must come, in order. */
final class BroadcastClient extends RoomMember {
    private final BroadcastRound round;
    private long next = -1;

    BroadcastClient(BroadcastRound round) {
        this.round = round;
    }

    @Override
    void opened(ChannelHandlerContext context) {
        round.opened();
    }

    @Override
    void delivered(ChannelHandlerContext context, long sentAt, long number, int lastByte) {
        if (next >= 0 && number != next) {
            fail(context, "message " + number + " (expected: " + next + ")");
        } else if (lastByte != SIZE - 1) {
            fail(context, "another message came");
        }
        next = number + 1;
        round.delivered(System.nanoTime() - sentAt);
    }

    @Override
    void failed(String what) {
        round.failed(what);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        round.failed("the server closed a connection");
    }
}
