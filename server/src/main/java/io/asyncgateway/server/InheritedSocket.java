package io.asyncgateway.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Takes a listening socket over by its descriptor (Linux). An inherited one mostly blocks (systemd makes it so unless told otherwise), and an accept that blocks would hold up
 * its event loop. Neither Java nor Netty can say so to the kernel by itself, but Netty makes each descriptor non-blocking that it receives from another
 * process; so this one sends it to itself. The flag is one of the socket, not of the descriptor: others who hold it see it too.
 */
final class InheritedSocket {
    // The numbers of Linux on x86-64 and aarch64.
    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int SOCK_STREAM = 1;
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    /** What accept and recvmsg want: a length and the largest address. */
    private static final int ADDRESS_BUFFER = 1 + 110;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** It is bound already, but the transport's way to a listening socket leads through a bind. */
    private static final class AlreadyBound extends ChannelOutboundHandlerAdapter {
        @Override
        public void bind(ChannelHandlerContext ctx, SocketAddress address, ChannelPromise promise) {
            promise.setSuccess();
        }
    }

    private final Socket socket;
    private final boolean unix;

    private InheritedSocket(Socket socket, boolean unix) {
        this.socket = socket;
        this.unix = unix;
    }

    /**
     * Takes the socket, and closes the descriptor that was given, so that it does not listen on when the server has stopped. Blocks, but shortly.
     *
     * @throws IOException if it is no listening socket; it stays open then
     */
    static InheritedSocket take(int descriptor) throws IOException {
        Socket given = open(descriptor);
        int domain = given.getIntOpt(SOL_SOCKET, SO_DOMAIN);
        if (domain != AF_UNIX && domain != AF_INET && domain != AF_INET6) {
            throw new IOException("address family " + domain + " (expected: TCP or a Unix domain socket)");
        }
        if (given.getIntOpt(SOL_SOCKET, SO_TYPE) != SOCK_STREAM || given.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) == 0) {
            throw new IOException("does not listen (expected: a listening stream socket; with systemd Accept=no)");
        }
        Socket taken = new Socket(nonBlocking(descriptor));
        given.close();
        return new InheritedSocket(taken, domain == AF_UNIX);
    }

    private static Socket open(int descriptor) throws IOException {
        if (!Files.exists(DESCRIPTORS.resolve(Integer.toString(descriptor)))) {
            throw new IOException("not open (expected: the descriptor of a listening socket)");
        }
        try {
            return new Socket(descriptor);
        } catch (RuntimeException notOne) {
            throw new IOException("no socket (expected: the descriptor of a listening socket)");
        }
    }

    /** Another descriptor of the same socket, which does not block. */
    private static int nonBlocking(int descriptor) throws IOException {
        Socket listener = Socket.newSocketDomain();
        Socket sender = Socket.newSocketDomain();
        try {
            // An abstract name, which needs no folder that can be written to.
            listener.bind(new DomainSocketAddress("\0async-gateway-" + UUID.randomUUID()));
            listener.listen(1);
            sender.connect(listener.localDomainSocketAddress());
            int accepted = listener.accept(new byte[ADDRESS_BUFFER]);
            return receive(descriptor, sender, new Socket(accepted));
        } finally {
            sender.close();
            listener.close();
        }
    }

    private static int receive(int descriptor, Socket sender, Socket receiver) throws IOException {
        try {
            sender.sendFd(descriptor);
            int received = receiver.recvFd();
            // Whoever has guessed the name and come first would have sent another.
            if (received < 0 || !link(received).equals(link(descriptor))) {
                throw new IOException("could not be made non-blocking");
            }
            return received;
        } finally {
            receiver.close();
        }
    }

    /** {@code socket:[1234]}. */
    private static Path link(int descriptor) throws IOException {
        return Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(descriptor)));
    }

    /** Where it listens, in the transport's own type. */
    SocketAddress address() {
        return unix ? socket.localDomainSocketAddress() : socket.localAddress();
    }

    /** Its channel, for which there is one only, since its end closes the socket. */
    Channel channel() {
        Channel channel = unix
                ? new EpollServerDomainSocketChannel(socket.intValue(), true)
                : new EpollServerSocketChannel(socket.intValue());
        channel.pipeline().addLast("bound", new AlreadyBound());
        return channel;
    }
}
