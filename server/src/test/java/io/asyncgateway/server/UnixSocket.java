package io.asyncgateway.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A client's Unix domain socket as the conformance kit takes sockets, with reads that time out, which the JDK's own has not. */
final class UnixSocket extends Socket {
    private final SocketChannel channel;
    private final Input in;
    private final Output out;

    private UnixSocket(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        in = new Input(channel);
        out = new Output(channel);
    }

    static UnixSocket connect(UnixDomainSocketAddress server) throws IOException {
        return new UnixSocket(SocketChannel.open(server));
    }

    private static final class Input extends InputStream {
        private final SocketChannel channel;
        private final Selector selector = Selector.open();
        private int timeout;

        Input(SocketChannel channel) throws IOException {
            this.channel = channel;
            channel.register(selector, SelectionKey.OP_READ);
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("one octet");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
            int count = channel.read(buffer);
            while (count == 0) {
                if (selector.select(timeout) == 0) {
                    throw new SocketTimeoutException("nothing within " + timeout + " ms");
                }
                selector.selectedKeys().clear();
                count = channel.read(buffer);
            }
            return count;
        }
    }

    private static final class Output extends OutputStream {
        private final SocketChannel channel;
        private final Selector selector = Selector.open();

        Output(SocketChannel channel) throws IOException {
            this.channel = channel;
            channel.register(selector, SelectionKey.OP_WRITE);
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet});
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(source, offset, length);
            while (buffer.hasRemaining()) {
                if (channel.write(buffer) == 0) {
                    selector.select();
                    selector.selectedKeys().clear();
                }
            }
        }
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public void setSoTimeout(int milliseconds) {
        in.timeout = milliseconds;
    }

    /** There is nothing to switch off. */
    @Override
    public void setTcpNoDelay(boolean on) {}

    /** A Unix socket is never reset by its own will. */
    @Override
    public void setSoLinger(boolean on, int linger) {}

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        in.selector.close();
        out.selector.close();
    }
}
