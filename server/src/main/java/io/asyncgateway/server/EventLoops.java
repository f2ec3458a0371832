package io.asyncgateway.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.ServerDomainSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.netty.resources.LoopResources;

/**
 * The event loops of one server, which accept and serve. Each server has its own, so that several in one JVM end independently, and Reactor Netty's choice by
 * class path does not decide over {@link TransportOptions#transport()}.
 */
final class EventLoops implements LoopResources {
    /**
     * What the kernel takes of a response ahead of the peer. Left alone it takes megabytes for each slow reader, which makes backpressure late and lets one
     * connection keep its event loop busy for long.
     */
    private static final long UNSENT_IN_KERNEL = 256 * 1024L;

    private static final AtomicInteger SERVERS = new AtomicInteger();

    /** The four things that differ between implementations of sockets. */
    @SuppressWarnings("ImmutableEnumChecker") // the suppliers are method references
    private enum Kind {
        EPOLL(
                EpollIoHandler::newFactory,
                EpollServerSocketChannel::new,
                EpollServerDomainSocketChannel::new,
                EpollDatagramChannel::new),
        IO_URING(IoUringIoHandler::newFactory, IoUringServerSocketChannel::new, null, IoUringDatagramChannel::new),
        NIO(
                NioIoHandler::newFactory,
                NioServerSocketChannel::new,
                NioServerDomainSocketChannel::new,
                NioDatagramChannel::new);

        final Supplier<IoHandlerFactory> handlers;
        final Supplier<Channel> tcp;
        final @Nullable Supplier<Channel> unix;
        final Supplier<Channel> udp;

        Kind(
                Supplier<IoHandlerFactory> handlers,
                Supplier<Channel> tcp,
                @Nullable Supplier<Channel> unix,
                Supplier<Channel> udp) {
            this.handlers = handlers;
            this.tcp = tcp;
            this.unix = unix;
            this.udp = udp;
        }
    }

    /** Reactor and BlockHound know by its type that it must not block. */
    private static final class LoopThread extends FastThreadLocalThread implements NonBlocking {
        LoopThread(Runnable task, String name) {
            super(task, name);
        }
    }

    private final Kind kind;
    private final EventLoopGroup group;
    private final int size;

    EventLoops(TransportOptions options) {
        kind = kind(options.transport());
        size = options.eventLoops() == 0 ? Runtime.getRuntime().availableProcessors() : options.eventLoops();
        String prefix = "async-gateway-" + SERVERS.incrementAndGet() + "-";
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory = task -> new LoopThread(task, prefix + number.incrementAndGet());
        group = new MultiThreadIoEventLoopGroup(size, factory, kind.handlers.get());
    }

    private static Kind kind(Transport transport) {
        return switch (transport) {
            case NIO -> Kind.NIO;
            case AUTO -> Epoll.isAvailable() ? Kind.EPOLL : Kind.NIO;
            case EPOLL -> {
                require("epoll", Epoll.isAvailable(), Epoll.unavailabilityCause());
                yield Kind.EPOLL;
            }
            case IO_URING -> {
                require("io_uring", IoUring.isAvailable(), IoUring.unavailabilityCause());
                yield Kind.IO_URING;
            }
        };
    }

    private static void require(String name, boolean available, @Nullable Throwable cause) {
        if (!available) {
            Throwable root = cause;
            while (root != null && root.getCause() != null) {
                root = root.getCause();
            }
            throw new ServerException(
                    "transport: " + name + " is not available here: " + (root == null ? "unknown" : root.getMessage()),
                    cause);
        }
    }

    /** Socket options that this implementation has and others have not. */
    Map<ChannelOption<?>, ?> tcpOptions() {
        return kind == Kind.EPOLL ? Map.of(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_IN_KERNEL) : Map.of();
    }

    /** An address as this implementation takes it: it has one type or the other for a Unix domain socket. */
    SocketAddress bindable(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress unix && kind != Kind.NIO
                ? new DomainSocketAddress(unix.getPath().toFile())
                : address;
    }

    /** A new socket for datagrams. */
    Channel datagramChannel() {
        return kind.udp.get();
    }

    /** Whether several sockets can be bound to one port, between which the kernel distributes what comes. */
    boolean sharesPorts() {
        return kind != Kind.NIO;
    }

    int size() {
        return size;
    }

    EventLoopGroup group() {
        return group;
    }

    /** Takes a socket over that listens already. Blocks, but shortly. */
    InheritedSocket inherit(InheritedSocketAddress address) throws IOException {
        if (kind != Kind.EPOLL) {
            throw new IOException("the transport " + kind.name().toLowerCase(Locale.ROOT)
                    + " can't take over a descriptor (expected: epoll)");
        }
        return InheritedSocket.take(address.descriptor());
    }

    /** The same event loops for a listening socket that is there already. */
    LoopResources of(Channel listening) {
        EventLoops loops = this;
        return new LoopResources() {
            @Override
            public EventLoopGroup onServer(boolean useNative) {
                return loops.onServer(useNative);
            }

            @Override
            @SuppressWarnings("unchecked")
            public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
                return (C) listening;
            }
        };
    }

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return group;
    }

    @Override
    public EventLoopGroup onServerSelect(boolean useNative) {
        return group;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup loops) {
        Supplier<Channel> maker = null;
        if (type == ServerSocketChannel.class) {
            maker = kind.tcp;
        } else if (type == ServerDomainSocketChannel.class) {
            maker = kind.unix;
        }
        if (maker == null) {
            throw new ServerException(
                    "transport: " + kind + " has no " + type.getSimpleName() + " (expected: a TCP address)", null);
        }
        return (C) maker.get();
    }

    @Override
    public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
        return Mono.create(
                sink -> group.shutdownGracefully(quietPeriod.toMillis(), timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .addListener(ended -> sink.success()));
    }
}
