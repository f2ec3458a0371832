package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asyncgateway.api.Headers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * A blocking client of HTTP/1 that says exactly what a test gives it, right or wrong, and reads what comes: the conformance kit's own client writes well-formed
 * requests alone. Each wait is bounded.
 */
final class RawClient implements AutoCloseable {
    /** Small, so that a server meets backpressure soon. */
    private static final int SMALL_BUFFER = 16 * 1024;

    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;

    private RawClient(SocketAddress server, int receiveBuffer) throws IOException {
        if (server instanceof UnixDomainSocketAddress) {
            channel = SocketChannel.open(server);
            in = Channels.newInputStream(channel);
            out = Channels.newOutputStream(channel);
        } else {
            channel = SocketChannel.open();
            if (receiveBuffer > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
            }
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(server, (int) Waiting.PATIENCE.toMillis());
            channel.socket().setSoTimeout((int) Waiting.PATIENCE.toMillis());
            in = channel.socket().getInputStream();
            out = channel.socket().getOutputStream();
        }
    }

    static RawClient connect(SocketAddress server) {
        return unchecked(() -> new RawClient(server, 0));
    }

    /** One whose kernel keeps little of what the server sends ahead of it. */
    static RawClient connectSlow(SocketAddress server) {
        return unchecked(() -> new RawClient(server, SMALL_BUFFER));
    }

    static RawClient connect(int port) {
        return connect(new InetSocketAddress("127.0.0.1", port));
    }

    /** A response; its header and trailer fields as they came, the body without its framing. */
    record Response(String statusLine, int status, Headers headers, byte[] body, Headers trailers, boolean whole) {
        String text() {
            return new String(body, ISO_8859_1);
        }

        String header(String name) {
            return headers.first(name);
        }
    }

    /** Sends lines, each of which gets its CRLF. */
    RawClient send(String lines) {
        return sendExactly(lines.replace("\n", "\r\n"));
    }

    RawClient sendExactly(String octets) {
        return send(octets.getBytes(ISO_8859_1));
    }

    RawClient send(byte[] octets) {
        return unchecked(() -> {
            out.write(octets);
            out.flush();
            return this;
        });
    }

    Response get(String target) {
        return send("GET " + target + " HTTP/1.1\nHost: test\n\n").read();
    }

    RawClient halfClose() {
        return unchecked(() -> {
            channel.shutdownOutput();
            return this;
        });
    }

    /** Leaves by a reset. */
    void reset() {
        unchecked(() -> channel.setOption(StandardSocketOptions.SO_LINGER, 0));
        close();
    }

    @Override
    public void close() {
        unchecked(() -> {
            channel.close();
            return this;
        });
    }

    // ------------------------------------------------------------------------------------------------ reading

    /** The next response, interim ones too. */
    Response read() {
        return unchecked(() -> read(false));
    }

    /** The next response, which has no body whatever its fields say. */
    Response readHead() {
        return unchecked(() -> read(true));
    }

    private Response read(boolean bodyless) throws IOException {
        String statusLine = line();
        int status = Integer.parseInt(statusLine.substring(9, 12));
        Headers headers = fields();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Headers trailers = Headers.empty();
        boolean whole = true;
        if (!bodyless && status >= 200 && status != 204 && status != 304) {
            try {
                trailers = body(headers, body);
            } catch (EOFException | java.net.SocketException cut) {
                whole = false;
            }
        }
        return new Response(statusLine, status, headers, body.toByteArray(), trailers, whole);
    }

    private Headers body(Headers headers, ByteArrayOutputStream body) throws IOException {
        String length = headers.first("content-length");
        if ("chunked".equals(headers.first("transfer-encoding"))) {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                body(size, body);
                line();
            }
            return fields();
        }
        if (length != null) {
            body(Long.parseLong(length), body);
        } else {
            in.transferTo(body);
        }
        return Headers.empty();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private void body(long length, ByteArrayOutputStream body) throws IOException {
        byte[] part = new byte[8 * 1024];
        long left = length;
        while (left > 0) {
            int count = in.read(part, 0, (int) Math.min(left, part.length));
            if (count < 0) {
                throw new EOFException();
            }
            body.write(part, 0, count);
            left -= count;
        }
    }

    private Headers fields() throws IOException {
        Headers.Builder fields = Headers.builder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            fields.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return fields.build();
    }

    /** A line without its CRLF. */
    String readLine() {
        return unchecked(this::line);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the connection ended after: " + line);
            }
            line.append((char) octet);
        }
        return line.substring(0, line.length() - 1);
    }

    /** Some octets of what came, at least one. */
    int readSome(byte[] target) {
        return unchecked(() -> in.read(target));
    }

    /** Everything up to the end of the connection. */
    String readToEnd() {
        return new String(unchecked(in::readAllBytes), ISO_8859_1);
    }

    /** Whether the server closed in order, with nothing left to read. */
    boolean isEnded() {
        return readToEnd().isEmpty();
    }

    /** Reads on until the connection ends, in order or not. */
    void readToEndOrReset() {
        isReset();
    }

    /** Whether the connection is reset, after whatever came before. */
    boolean isReset() {
        try {
            in.transferTo(OutputStream.nullOutputStream());
            return false;
        } catch (SocketTimeoutException nothing) {
            throw new AssertionError("neither an end nor a reset", nothing);
        } catch (IOException reset) {
            return true;
        }
    }

    /** Whether nothing comes for a while; where nothing else could be awaited instead. */
    boolean isSilent(Duration time) {
        return unchecked(() -> {
            channel.socket().setSoTimeout((int) time.toMillis());
            try {
                in.read();
                return false;
            } catch (SocketTimeoutException nothing) {
                return true;
            } finally {
                channel.socket().setSoTimeout((int) Waiting.PATIENCE.toMillis());
            }
        });
    }

    @FunctionalInterface
    private interface Action<T> {
        T run() throws IOException;
    }

    private static <T> T unchecked(Action<T> action) {
        try {
            return action.run();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
