package io.asyncgateway.perf;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Members of a room that stay for up to two minutes and then go: a third with a close frame, a third by closing the connection, a third by a reset. For each that
 * has gone another one comes. One in a while says something.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails is replaced as one that has gone.
final class RestlessClients implements AutoCloseable {
    private static final int MAX_STAY_SECONDS = 120;
    private static final int SPEAK_MILLIS = 500;
    private static final int CLOSE_NORMAL = 1_000;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ChannelGroup channels = new DefaultChannelGroup(loop.next());
    private final Random random = new Random(42);
    private final AtomicLong deliveries = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final Bootstrap bootstrap;
    private volatile boolean closed;

    private RestlessClients(int port) {
        bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .remoteAddress("127.0.0.1", port)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Client());
                    }
                });
    }

    /** Lets so many come. */
    static RestlessClients start(int port, int count) throws InterruptedException {
        RestlessClients clients = new RestlessClients(port);
        for (int i = 0; i < count; i++) {
            clients.bootstrap.connect().sync();
        }
        clients.loop.scheduleWithFixedDelay(clients::speak, SPEAK_MILLIS, SPEAK_MILLIS, TimeUnit.MILLISECONDS);
        return clients;
    }

    /** Messages that came, to all clients together. */
    long deliveries() {
        return deliveries.get();
    }

    /** Connections that broke without being told to. */
    long failures() {
        return failures.get();
    }

    private void speak() {
        channels.stream().findAny().ifPresent(channel -> channel.writeAndFlush(RoomMember.message(0, 0)));
    }

    private void comeLater() {
        if (!closed) {
            loop.schedule(
                    () -> bootstrap.connect().addListener(connected -> {
                        if (!connected.isSuccess()) {
                            comeLater();
                        }
                    }),
                    random.nextInt(1_000),
                    TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        closed = true;
        channels.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Client extends RoomMember {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            super.channelActive(context);
            context.executor()
                    .schedule(
                            () -> leave(context),
                            random.nextInt((int) TimeUnit.SECONDS.toMillis(MAX_STAY_SECONDS)),
                            TimeUnit.MILLISECONDS);
        }

        private void leave(ChannelHandlerContext context) {
            int way = random.nextInt(3);
            if (way == 0) {
                // Masked with zeros. The server closes the connection.
                context.writeAndFlush(Unpooled.buffer()
                        .writeByte(0x88)
                        .writeByte(0x82)
                        .writeInt(0)
                        .writeShort(CLOSE_NORMAL));
                return;
            }
            if (way == 1) {
                context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            }
            context.close();
        }

        @Override
        void opened(ChannelHandlerContext context) {
            channels.add(context.channel());
        }

        @Override
        void delivered(ChannelHandlerContext context, long sentAt, long number, int lastByte) {
            deliveries.incrementAndGet();
        }

        @Override
        void failed(String what) {
            failures.incrementAndGet();
            if (failures.get() <= 10) {
                System.err.println(what);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            comeLater();
        }
    }
}
