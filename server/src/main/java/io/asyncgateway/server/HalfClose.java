package io.asyncgateway.server;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Closes the server's own direction of a connection. */
final class HalfClose {
    private HalfClose() {}

    /** Does so after what was written, with TLS by its own alert first (RFC 8446 section 6.1); {@code false} where the transport can't. */
    @SuppressWarnings("FutureReturnValueIgnored") // one that fails leaves the connection to its timers
    static boolean begin(Channel channel) {
        if (!(channel instanceof DuplexChannel duplex)) {
            return false;
        }
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            duplex.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(sent -> duplex.shutdownOutput());
        }
        return true;
    }
}
