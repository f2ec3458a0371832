package io.asyncgateway.perf;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;

/**
 * The baseline: what Netty's own codecs cost when a handler is written for nothing but these answers. It answers {@code /plaintext},
 * {@code /json}, {@code /echo}, {@code /stream} and {@code /ws} as the sample {@code Reference} does, with the same header fields.
 *
 * <p>It leaves out what a server has to do besides: limits, timeouts, checks of Host, backpressure, draining. So it is a bar, and no server
 * to copy.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The process ends when both are closed.
public final class RawNetty {
    private RawNetty() {}

    /**
     * Serves until standard input ends.
     *
     * @param args the port, then the number of event loops
     * @throws InterruptedException if it is interrupted while it binds
     */
    public static void main(String[] args) throws InterruptedException {
        int port = Integer.parseInt(args[0]);
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(Integer.parseInt(args[1]), EpollIoHandler.newFactory());
        HttpDate date = new HttpDate(loops);
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 2048)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new HttpServerCodec(), new RawHttpHandler(date));
                    }
                })
                .bind("127.0.0.1", port)
                .sync()
                .channel();
        Console.serve(() -> {
            server.close();
            loops.shutdownGracefully();
        });
    }
}
