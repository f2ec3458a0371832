package io.asyncgateway.server;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * Throws away datagrams that are too short to name a connection. None is of QUIC, and Netty, which brings each to the socket of its connection, would lose the memory of those that
 * seem to be. Holds nothing, so that one is enough for all sockets.
 */
@ChannelHandler.Sharable
final class ShortDatagrams extends ChannelInboundHandlerAdapter {
    private final int shortest;

    /**
     * One for connections of one kind.
     *
     * @param idLength octets of a connection id of the server's
     */
    ShortDatagrams(int idLength) {
        this.shortest = 1 + idLength;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket datagram = (DatagramPacket) message;
        if (datagram.content().readableBytes() < shortest) {
            datagram.release();
        } else {
            ctx.fireChannelRead(datagram);
        }
    }
}
