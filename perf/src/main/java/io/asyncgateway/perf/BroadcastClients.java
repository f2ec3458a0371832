package io.asyncgateway.perf;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The members of a room, one of which sends. They run on one event loop of this process. */
@SuppressWarnings(
        "FutureReturnValueIgnored") // What fails shows as a member that is missing, or as a failure of the round.
final class BroadcastClients implements AutoCloseable {
    private static final int WAIT_SECONDS = 30;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<Channel> channels = new ArrayList<>();
    private final BroadcastRound round = new BroadcastRound(this::delivered);
    private final int count;

    // Of the event loop
    private long sent;
    private long delivered;
    private int window;

    private BroadcastClients(int count) {
        this.count = count;
    }

    /** What a round has shown. */
    record Outcome(double deliveriesPerSecond, Latencies latencies) {}

    /** Opens so many connections to a room; returns when the handshakes are done. */
    static BroadcastClients connect(int port, int count) throws IOException, InterruptedException {
        BroadcastClients clients = new BroadcastClients(count);
        Bootstrap bootstrap = new Bootstrap()
                .group(clients.loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new BroadcastClient(clients.round));
                    }
                });
        for (int i = 0; i < count; i++) {
            clients.channels.add(bootstrap.connect("127.0.0.1", port).sync().channel());
        }
        clients.await("handshakes", () -> clients.round.members() == count);
        return clients;
    }

    /** As many messages as the server can deliver: the next is sent when one has reached all, so many are on their way. */
    Outcome flood(int seconds, int onTheirWay) throws IOException, InterruptedException {
        return measure(seconds, () -> {
            window = onTheirWay;
            fill();
        });
    }

    /** So many messages in a second. A latency counts from when the message should have been sent, so that a late sender hides nothing. */
    Outcome atRate(int seconds, double perSecond) throws IOException, InterruptedException {
        long interval = (long) (1e9 / perSecond);
        long start = System.nanoTime() + interval;
        Future<?> sending = loop.scheduleAtFixedRate(
                new Runnable() {
                    private long due = start;

                    @Override
                    public void run() {
                        for (long now = System.nanoTime(); due - now <= 0; due += interval) {
                            send(due);
                        }
                    }
                },
                interval,
                Math.min(interval, TimeUnit.MILLISECONDS.toNanos(1)),
                TimeUnit.NANOSECONDS);
        try {
            return measure(seconds, () -> {});
        } finally {
            sending.cancel(false);
            settle();
        }
    }

    private Outcome measure(int seconds, Runnable begin) throws IOException, InterruptedException {
        loop.submit(begin).sync();
        // The first second warms up whatever the pause before has cooled down.
        Thread.sleep(1_000);
        loop.submit(round::take).sync();
        long before = round.deliveries();
        long start = System.nanoTime();
        Thread.sleep(TimeUnit.SECONDS.toMillis(seconds));
        double took = (System.nanoTime() - start) / 1e9;
        long deliveries = round.deliveries() - before;
        Latencies latencies = loop.submit(round::take).sync().getNow();
        loop.submit(() -> window = 0).sync();
        settle();
        return new Outcome(deliveries / took, latencies);
    }

    /** Waits until every member has every message that was sent. */
    private void settle() throws IOException, InterruptedException {
        await("deliveries", () -> loop.submit(() -> delivered == sent * count)
                .syncUninterruptibly()
                .getNow());
    }

    private void delivered() {
        delivered++;
        fill();
    }

    private void fill() {
        while (sent - delivered / count < window) {
            send(System.nanoTime());
        }
    }

    private void send(long at) {
        channels.get(0).writeAndFlush(RoomMember.message(at, sent));
        sent++;
    }

    private void await(String what, BooleanSupplier reached) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!reached.getAsBoolean()) {
            if (!round.failure().isEmpty() || System.nanoTime() - end > 0) {
                throw new IOException(what + " not complete within " + WAIT_SECONDS + " s: " + round.failure());
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        channels.forEach(Channel::close);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
