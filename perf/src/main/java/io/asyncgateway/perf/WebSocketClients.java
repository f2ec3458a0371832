package io.asyncgateway.perf;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Clients that each send a message of 128 bytes, wait for it to come back, and send it again. They speak just enough of the protocol, so that
 * one processor can keep a server busy that has another.
 *
 * <p>Reads lines of {@code port path connections seconds} and answers each with the number of messages that came back, or with what went
 * wrong.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails shows as a handshake that does not come.
public final class WebSocketClients {
    private static final int HANDSHAKE_SECONDS = 10;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    private WebSocketClients() {}

    /**
     * Runs until standard input ends.
     *
     * @param args none
     * @throws IOException if standard input fails
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        WebSocketClients clients = new WebSocketClients();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        System.out.println(Console.READY);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            System.out.println(clients.run(
                    Integer.parseInt(words[0]), words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3])));
        }
        clients.loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private String run(int port, String path, int connections, int seconds) throws InterruptedException {
        WebSocketRound round = new WebSocketRound(connections);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new WebSocketClient(round));
                    }
                });
        List<Channel> channels = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                Channel channel = bootstrap.connect("127.0.0.1", port).sync().channel();
                ByteBuf request = channel.alloc().buffer();
                request.writeCharSequence(Opening.of(path), US_ASCII);
                channel.writeAndFlush(request);
                channels.add(channel);
            }
            if (!round.awaitOpen(HANDSHAKE_SECONDS)) {
                return "no handshake within " + HANDSHAKE_SECONDS + " s: " + round.failure();
            }
            channels.forEach(channel -> channel.pipeline().fireUserEventTriggered(WebSocketRound.START));
            Thread.sleep(TimeUnit.SECONDS.toMillis(seconds));
            long messages = round.stop();
            return round.failure().isEmpty() ? Long.toString(messages) : round.failure();
        } finally {
            for (Channel channel : channels) {
                channel.close().sync();
            }
        }
    }
}
