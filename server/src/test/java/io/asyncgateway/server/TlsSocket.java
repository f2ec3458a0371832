package io.asyncgateway.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A client's socket with TLS that can leave by a reset, which the JDK's own never does: it says goodbye first. */
final class TlsSocket extends Socket {
    private static final int PATIENCE = (int) Waiting.PATIENCE.toMillis();
    private static final int SMALL_BUFFER = 64 * 1024;

    private final Socket transport;
    private final SSLSocket tls;
    private boolean resets;

    private TlsSocket(Socket transport, SSLSocket tls) {
        this.transport = transport;
        this.tls = tls;
    }

    static TlsSocket connect(InetSocketAddress server, SSLContext context) throws IOException {
        Socket transport = new Socket();
        transport.setReceiveBufferSize(SMALL_BUFFER);
        transport.setSendBufferSize(SMALL_BUFFER);
        transport.connect(server, PATIENCE);
        SSLSocket tls =
                (SSLSocket) context.getSocketFactory().createSocket(transport, "127.0.0.1", server.getPort(), true);
        return new TlsSocket(transport, tls);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return tls.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return tls.getOutputStream();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        tls.setSoTimeout(timeout);
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        transport.setTcpNoDelay(on);
    }

    @Override
    public void setSoLinger(boolean on, int linger) throws SocketException {
        resets = on && linger == 0;
        transport.setSoLinger(on, linger);
    }

    @Override
    public void shutdownOutput() throws IOException {
        tls.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        if (resets) {
            transport.close();
        } else {
            tls.close();
        }
    }
}
