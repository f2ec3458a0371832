package io.asyncgateway.api.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A socket with a small buffer for reading. Not for use by several threads, except that one may write while another reads. */
final class RawConnection {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[8 * 1024];
    private int next;
    private int limit;

    RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** The next octet, or -1 at the end. */
    int read() throws IOException {
        return fill(ConformanceClient.PATIENCE) ? buffer[next++] & 0xff : -1;
    }

    /** At least one octet, or -1 at the end. */
    int read(byte[] target, int length) throws IOException {
        if (!fill(ConformanceClient.PATIENCE)) {
            return -1;
        }
        int count = Math.min(length, limit - next);
        System.arraycopy(buffer, next, target, 0, count);
        next += count;
        return count;
    }

    byte[] readFully(int length) throws IOException {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) orEnd(read());
        }
        return octets;
    }

    /** A line without its end, in Latin-1. */
    String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = orEnd(read()); octet != '\n'; octet = orEnd(read())) {
            line.append((char) octet);
        }
        int last = line.length() - 1;
        return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
    }

    boolean silent(Duration time) throws IOException {
        try {
            fill(time);
            return false;
        } catch (NothingCame expected) {
            return true;
        }
    }

    void write(byte[] octets) throws IOException {
        out.write(octets);
        out.flush();
    }

    void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    void abort() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException gone) {
            // Closed already: there is nothing left to reset.
        }
        close();
    }

    void close() {
        try {
            socket.close();
        } catch (IOException gone) {
            // A client that leaves does not care how.
        }
    }

    private static int orEnd(int octet) throws IOException {
        if (octet < 0) {
            throw new EOFException("the connection ended before its message did");
        }
        return octet;
    }

    private boolean fill(Duration patience) throws IOException {
        if (next < limit) {
            return true;
        }
        socket.setSoTimeout((int) patience.toMillis());
        int count;
        try {
            count = in.read(buffer);
        } catch (SocketTimeoutException timeout) {
            throw new NothingCame("nothing came from the server within " + patience, timeout);
        }
        next = 0;
        limit = Math.max(count, 0);
        return count > 0;
    }

    /** An error and not an {@link IOException}, so that it is never taken for an end of the connection. */
    private static final class NothingCame extends AssertionError {
        private static final long serialVersionUID = 1L;

        NothingCame(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
