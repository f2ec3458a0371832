package io.asyncgateway.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.handler.logging.LogLevel;
import io.netty.handler.logging.LoggingHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ChannelPipelineConfigurer;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelMetricsRecorder;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.ServerTransport;
import reactor.netty.transport.ServerTransportConfig;

/**
 * Binds one address and puts together the pipeline of each connection: {@link Http1Decoder}, then {@link Http1Connection}; or {@link Http2Connection}. Everything before the pipeline (event
 * loops, native transports, the life of the listening socket) is Reactor Netty's.
 */
final class Listener extends ServerTransport<Listener, Listener.Config> {
    /**
     * What listens.
     *
     * @param server the socket
     * @param configured the address as it was configured
     */
    record Bound(DisposableServer server, SocketAddress configured) {
        /** The real address; that of the configuration for what has no other name. */
        SocketAddress address() {
            SocketAddress told = server.channel().attr(Addresses.LISTENING).get();
            SocketAddress known = told == null ? Addresses.standard(server.address()) : told;
            return known == null ? configured : known;
        }
    }

    private final Config config;

    private Listener(Config config) {
        this.config = config;
    }

    /** Binds; the result completes when the address is listened on. */
    static Mono<Bound> bind(
            SocketAddress address,
            ServerContext context,
            @Nullable TlsContexts tls,
            EventLoops loops,
            Connections connections) {
        Function<SocketAddress, Config> config = bindable -> new Config(
                bindable,
                context,
                address instanceof UnixDomainSocketAddress || bindable instanceof DomainSocketAddress ? null : tls,
                loops,
                connections);
        Mono<? extends DisposableServer> bound;
        if (address instanceof InheritedSocketAddress inherited) {
            bound = blocking(() -> loops.inherit(inherited))
                    .flatMap(socket -> new Listener(config.apply(socket.address())).adopt(socket, loops));
        } else {
            Listener listener = new Listener(config.apply(loops.bindable(address))).runOn(loops);
            bound = address instanceof UnixDomainSocketAddress unix ? listener.bindFile(unix) : listener.bind();
        }
        return bound.doOnNext(server -> connections.listen(server.channel()))
                .map(server -> new Bound(server, address))
                .onErrorMap(failure ->
                        new ServerException("cannot listen on " + describe(address) + ": " + reason(failure), failure));
    }

    private Mono<? extends DisposableServer> adopt(InheritedSocket socket, EventLoops loops) {
        SocketAddress known = Addresses.standard(socket.address());
        Listener listener = runOn(loops.of(socket.channel()));
        // The transport asks a socket that it has not bound itself for an address of TCP alone.
        return listener.childAttr(Addresses.LISTENING, known)
                .bind()
                .doOnNext(server -> server.channel().attr(Addresses.LISTENING).set(known));
    }

    private Mono<? extends DisposableServer> bindFile(UnixDomainSocketAddress address) {
        UnixSocketOptions options = config.context.config.transport().unixSockets();
        return blocking(() -> {
                    SocketFile.makeWay(address);
                    return address;
                })
                .then(bind())
                .flatMap(server -> blocking(() -> {
                            SocketFile.give(address, options);
                            return server;
                        })
                        .doOnError(failure -> server.dispose()));
    }

    private static <T> Mono<T> blocking(Callable<T> action) {
        return Mono.fromCallable(action).subscribeOn(Schedulers.boundedElastic());
    }

    static String describe(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            String host = inet.getHostString();
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
        }
        return address.toString();
    }

    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        if (root instanceof UnknownHostException || root instanceof UnresolvedAddressException) {
            return "unknown host";
        }
        if (message == null) {
            return root.getClass().getSimpleName();
        }
        return message.contains("Address already in use") ? "address already in use" : message;
    }

    @Override
    public Config configuration() {
        return config;
    }

    @Override
    protected Listener duplicate() {
        return new Listener(new Config(config));
    }

    /** The protocols in terms of ALPN (RFC 7301 section 6), in the server's order of preference. */
    static List<String> protocols(ServerConfig config) {
        return config.http2().enabled() ? List.of(HTTP_2, HTTP_1) : List.of(HTTP_1);
    }

    private static final String HTTP_1 = "http/1.1";
    private static final String HTTP_2 = "h2";

    /** The transport's configuration: socket options and the pipeline. */
    static final class Config extends ServerTransportConfig<Config> {
        private final ServerContext context;
        private final @Nullable TlsContexts tls;
        private final EventLoops loops;
        private final Connections connections;

        Config(
                SocketAddress address,
                ServerContext context,
                @Nullable TlsContexts tls,
                EventLoops loops,
                Connections connections) {
            super(options(context.config, address), childOptions(context.config, address, loops), () -> address);
            this.context = context;
            this.tls = tls;
            this.loops = loops;
            this.connections = connections;
        }

        Config(Config parent) {
            super(parent);
            this.context = parent.context;
            this.tls = parent.tls;
            this.loops = parent.loops;
            this.connections = parent.connections;
        }

        private static Map<ChannelOption<?>, ?> options(ServerConfig config, SocketAddress address) {
            Map<ChannelOption<?>, Object> options = new HashMap<>();
            options.put(ChannelOption.SO_BACKLOG, config.transport().backlog());
            if (address instanceof InetSocketAddress) {
                options.put(ChannelOption.SO_REUSEADDR, true);
                if (config.transport().reusePort()) {
                    options.put(UnixChannelOption.SO_REUSEPORT, true);
                }
            }
            return options;
        }

        private static Map<ChannelOption<?>, ?> childOptions(
                ServerConfig config, SocketAddress address, EventLoops loops) {
            Map<ChannelOption<?>, Object> options = new HashMap<>();
            int high = config.limits().outboundWindow();
            options.put(ChannelOption.AUTO_READ, false);
            options.put(ChannelOption.ALLOW_HALF_CLOSURE, true);
            options.put(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(high / 2, high));
            if (address instanceof InetSocketAddress) {
                options.put(ChannelOption.TCP_NODELAY, true);
                options.putAll(loops.tcpOptions());
            }
            return options;
        }

        @Override
        protected ChannelPipelineConfigurer defaultOnChannelInit() {
            return (observer, channel, remoteAddress) -> initialize(channel);
        }

        private void initialize(Channel channel) {
            connections.opened(channel);
            // The bridge to Reactor Netty's own operations, of which this server has none.
            channel.pipeline().remove(NettyPipeline.ReactiveBridge);
            boolean unix = Addresses.isOnUnixSocket(channel);
            if (unix) {
                channel.pipeline().addLast("gone", UnixSocketEnd.INSTANCE);
            }
            ProxyOptions proxies = context.config.proxies();
            if (proxies.demandsHeader(channel.remoteAddress(), unix)) {
                channel.pipeline()
                        .addLast(
                                "proxy",
                                new ProxyProtocolHandler(
                                        proxies.protocol(), context.config.timeouts(), context.proxyWarnings));
            }
            Tls options = context.config.tls();
            if (tls == null || options == null) {
                install(channel.pipeline(), HTTP_1);
            } else {
                TlsHandshake.install(channel.pipeline(), options, tls, this::install);
            }
        }

        private void install(ChannelPipeline pipeline, String protocol) {
            ServerConfig config = context.config;
            if (protocol.equals(HTTP_2)) {
                pipeline.addLast("http2", new Http2Connection(context, true));
                return;
            }
            boolean mayBeHttp2 = config.http2().enabled() && tls == null;
            pipeline.addLast("decoder", new Http1Decoder(config.limits(), config.timeouts(), mayBeHttp2))
                    .addLast("http1", new Http1Connection(context));
        }

        @Override
        protected LoggingHandler defaultLoggingHandler() {
            return new LoggingHandler(Listener.class, LogLevel.DEBUG);
        }

        @Override
        protected LoopResources defaultLoopResources() {
            return loops;
        }

        @Override
        protected ChannelMetricsRecorder defaultMetricsRecorder() {
            throw new IllegalStateException("metrics of the transport are not used");
        }
    }
}
