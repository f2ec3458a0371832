package io.asyncgateway.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;

/** Makes of the next close of a connection a reset, so that the peer can't take it for a regular end. */
final class ConnectionReset {
    private ConnectionReset() {}

    static void prepare(Channel channel) {
        if (channel.isOpen()) { // else the option can't be set
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }
}
