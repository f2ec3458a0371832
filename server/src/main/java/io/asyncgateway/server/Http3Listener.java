package io.asyncgateway.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicCodecDispatcher;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import io.netty.handler.codec.quic.QuicResetTokenGenerator;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The UDP sockets of one server, on which its connections of HTTP/3 live: one for each address and event loop where the transport lets several share a port, one for each address elsewhere. Safe
 * for use from any thread.
 */
final class Http3Listener {
    /** The transport's error for a connection that the server does not want (RFC 9000 section 20.1). */
    private static final int CONNECTION_REFUSED = 0x02;

    /** Those that every client opens, and a few that it may open to see that it is ignored. */
    private static final int UNIDIRECTIONAL_STREAMS = 16;

    private static final int UNIDIRECTIONAL_WINDOW = 16 * 1024;

    private static final int ID_LENGTH = 20;

    private static final ShortDatagrams SHORT_DATAGRAMS = new ShortDatagrams(ID_LENGTH);

    private static final QuicResetTokenGenerator RESET_TOKENS = QuicResetTokenGenerator.signGenerator();

    private final ServerContext context;
    private final Http3Options options;
    private final EventLoops loops;
    private final Connections connections;
    private final QuicSslContext certificates;
    private final AtomicInteger handshakes = new AtomicInteger();
    private final SecureRandom random = random();
    private final QuicTokenHandler tokens;
    private final List<Channel> sockets = new CopyOnWriteArrayList<>();
    private final List<InetSocketAddress> addresses = new CopyOnWriteArrayList<>();
    private volatile boolean accepting = true;

    private Http3Listener(ServerContext context, TlsContexts tls, EventLoops loops, Connections connections) {
        this.context = context;
        this.options = context.config.http3();
        this.loops = loops;
        this.connections = connections;
        this.certificates = Http3Certificates.byName(tls);
        this.tokens = new RetryTokens(
                () -> handshakes.get() >= options.handshakesWithoutRetry(), System::currentTimeMillis, random);
        RESET_TOKENS.newResetToken(ByteBuffer.allocate(1));
    }

    /** One that is seeded here and now, since seeds come from files, which block. */
    private static SecureRandom random() {
        try {
            SecureRandom random = SecureRandom.getInstance("DRBG");
            random.nextBytes(new byte[1]);
            return random;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every JDK has it
        }
    }

    /**
     * Binds; the result completes when every address is listened on.
     *
     * @param tcp the addresses of TCP, which are those of UDP where the configuration has no others
     */
    static Mono<Http3Listener> bind(
            List<SocketAddress> tcp,
            ServerContext context,
            TlsContexts tls,
            EventLoops loops,
            Connections connections) {
        return Mono.fromCallable(() -> new Http3Listener(context, tls, loops, connections))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(listener -> listener.bind(tcp));
    }

    private Mono<Http3Listener> bind(List<SocketAddress> tcp) {
        List<InetSocketAddress> wanted = options.addresses();
        if (wanted.isEmpty()) {
            wanted = tcp.stream()
                    .filter(InetSocketAddress.class::isInstance)
                    .map(InetSocketAddress.class::cast)
                    .toList();
        }
        if (wanted.isEmpty()) {
            return Mono.error(new ServerException("http3: no address (expected: one of TCP, or one of its own)", null));
        }
        return Flux.fromIterable(wanted)
                .concatMap(this::bind)
                .then(Mono.fromRunnable(this::announce))
                .thenReturn(this)
                .onErrorResume(failure -> close().then(Mono.error(failure)));
    }

    private void announce() {
        context.alternative.http3(addresses.get(0).getPort(), options.altSvcMaxAge());
    }

    private Mono<Void> bind(InetSocketAddress address) {
        int count = loops.sharesPorts() ? loops.size() : 1;
        Sockets shared = new Sockets();
        return resolve(address)
                .flatMap(resolved -> bind(resolved, shared, 0, count))
                .flatMap(first -> {
                    InetSocketAddress real = (InetSocketAddress) first.localAddress();
                    addresses.add(real);
                    return Flux.range(1, count - 1)
                            .concatMap(next -> bind(real, shared, next, count))
                            .then();
                })
                .onErrorMap(failure -> new ServerException(
                        "cannot listen on " + Listener.describe(address) + " (UDP): " + Listener.reason(failure),
                        failure));
    }

    /** A name is looked up by the JDK, which blocks. */
    private static Mono<InetSocketAddress> resolve(InetSocketAddress address) {
        return address.isUnresolved()
                ? Mono.fromCallable(() -> new InetSocketAddress(
                                InetAddress.getByName(address.getHostString()), address.getPort()))
                        .subscribeOn(Schedulers.boundedElastic())
                : Mono.just(address);
    }

    private Mono<Channel> bind(InetSocketAddress address, Sockets shared, int number, int count) {
        return Mono.fromCallable(() -> codec(number)) // seeds something of its own
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(codec -> bind(address, shared.next(codec), count > 1));
    }

    private Mono<Channel> bind(InetSocketAddress address, Sockets shared, boolean several) {
        return Mono.create(sink -> {
            Bootstrap bootstrap = new Bootstrap()
                    .group(loops.group().next())
                    .channelFactory(loops::datagramChannel)
                    .handler(shared);
            if (several || loops.sharesPorts() && context.config.transport().reusePort()) {
                bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
            }
            bootstrap.bind(address).addListener((ChannelFutureListener) bound -> {
                if (bound.isSuccess()) {
                    sockets.add(bound.channel());
                    sink.success(bound.channel());
                } else {
                    sink.error(bound.cause());
                }
            });
        });
    }

    /** The sockets of one address, which are bound one after the other: brings what comes to the one whose event loop has the connection. */
    private static final class Sockets extends QuicCodecDispatcher {
        private volatile @Nullable ChannelHandler next;

        Sockets() {
            super(ID_LENGTH);
        }

        /** The codec of the socket that is bound next. */
        Sockets next(ChannelHandler codec) {
            next = codec;
            return this;
        }

        @Override
        protected void initChannel(Channel channel, int idLength, QuicConnectionIdGenerator ids) {
            channel.pipeline().addFirst("short", SHORT_DATAGRAMS).addLast("quic", next);
        }

        /** Which the codec has already. */
        @Override
        protected QuicConnectionIdGenerator newIdGenerator(int socket) {
            return QuicConnectionIdGenerator.signGenerator();
        }
    }

    private ChannelHandler codec(int socket) {
        int streamWindow = options.streamWindow();
        return new QuicServerCodecBuilder()
                .sslEngineProvider(connection -> certificates.newEngine(connection.alloc()))
                .localConnectionIdLength(ID_LENGTH)
                .connectionIdAddressGenerator(new ConnectionIds(socket, random))
                .tokenHandler(tokens)
                .resetTokenGenerator(RESET_TOKENS)
                .maxIdleTimeout(options.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
                // Else bodies that nobody reads would hold up all others, and the heads of requests, which count here
                // too.
                .initialMaxData(
                        Math.max(options.connectionWindow(), (long) options.maxConcurrentStreams() * streamWindow))
                .initialMaxStreamDataBidirectionalRemote(streamWindow)
                .initialMaxStreamDataUnidirectional(UNIDIRECTIONAL_WINDOW)
                .initialMaxStreamsBidirectional(options.maxConcurrentStreams())
                .initialMaxStreamsUnidirectional(UNIDIRECTIONAL_STREAMS)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel connection) {
                        accept(connection);
                    }
                })
                .streamOption(ChannelOption.AUTO_READ, false)
                .build();
    }

    private void accept(QuicChannel connection) {
        if (!accepting || connections.isFull()) {
            connection.pipeline().addLast("refused", new Refused());
            connection.eventLoop().execute(() -> refuse(connection));
            return;
        }
        connections.opened(connection);
        handshakes.incrementAndGet();
        connection.pipeline().addLast("http3", new Http3Connection(context, connection, handshakes::decrementAndGet));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nothing follows from it
    private static void refuse(QuicChannel connection) {
        connection.close(false, CONNECTION_REFUSED, Unpooled.EMPTY_BUFFER);
    }

    /** Hears of everything and does nothing. */
    private static final class Refused extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // It is over already.
        }
    }

    /** Where it listens, with the real ports. */
    List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** Refuses new connections; those that there are go on. */
    void stopAccepting() {
        accepting = false;
    }

    /** Closes the sockets, and with them what connections there are. */
    Mono<Void> close() {
        return Flux.fromIterable(new ArrayList<>(sockets))
                .flatMap(socket -> Mono.<Void>create(sink -> socket.close().addListener(done -> sink.success())))
                .then();
    }
}
