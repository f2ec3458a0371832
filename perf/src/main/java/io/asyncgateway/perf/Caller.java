package io.asyncgateway.perf;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;

/** A client on one keep-alive connection that makes one request after the other. Reads what this module's servers answer, nothing more. For one thread. */
final class Caller implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Caller(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /**
     * An answer.
     *
     * @param status its status
     * @param length bytes of its body
     * @param nanos from the first byte of the request to the last of the answer
     */
    record Answer(int status, long length, long nanos) {}

    Answer get(String path) throws IOException {
        long start = System.nanoTime();
        begin("GET", path, "");
        return answer(start);
    }

    /** Sends a request without waiting for its answer. */
    void begin(String method, String path, String fields) throws IOException {
        out.write((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n").getBytes(US_ASCII));
    }

    OutputStream body() {
        return out;
    }

    Answer answer(long start) throws IOException {
        int status = Integer.parseInt(line().split(" ", -1)[1]);
        long length = -1;
        for (String field = line(); !field.isEmpty(); field = line()) {
            String lower = field.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(
                        field.substring("content-length:".length()).strip());
            }
        }
        long read = length >= 0 ? skip(length) : chunks();
        return new Answer(status, read, System.nanoTime() - start);
    }

    private long chunks() throws IOException {
        long read = 0;
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            read += skip(size);
            line();
        }
        line();
        return read;
    }

    private long skip(long count) throws IOException {
        in.skipNBytes(count);
        return count;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the server closed the connection after \"" + line + "\"");
            }
            line.append((char) octet);
        }
        return line.toString().strip();
    }

    /** Leaves as a browser does that is closed: with a reset where there is something unread. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
