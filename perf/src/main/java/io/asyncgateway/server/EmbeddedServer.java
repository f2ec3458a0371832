package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.State;
import io.netty.channel.embedded.EmbeddedChannel;

/** One connection of the server without a socket, for benchmarks. It stands in this package because the pipeline is nobody else's business. */
public final class EmbeddedServer {
    private EmbeddedServer() {}

    /**
     * Puts together the pipeline of an HTTP/1 connection with the default configuration.
     *
     * @param application what to serve
     * @return the channel, open
     */
    public static EmbeddedChannel connection(Application application) {
        ServerConfig config = ServerConfig.defaults();
        ServerContext context = new ServerContext(application, config, new State());
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAutoRead(false);
        channel.pipeline()
                .addLast(new Http1Decoder(config.limits(), config.timeouts(), false))
                .addLast(new Http1Connection(context));
        return channel;
    }
}
