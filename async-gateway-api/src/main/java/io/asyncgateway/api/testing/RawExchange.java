package io.asyncgateway.api.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asyncgateway.api.Headers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An exchange of HTTP/1.1 (RFC 9112). */
final class RawExchange implements ConformanceClient.Exchange {
    private static final byte[] LINE_END = {'\r', '\n'};

    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private final RawConnection connection;
    private final String method;
    private final boolean chunkedRequest;
    private final List<ConformanceClient.Head> interim = new ArrayList<>();

    private ConformanceClient.@Nullable Head head;
    private Framing framing = Framing.NONE;
    /** Bytes left of the body, or of the chunk that is being read. */
    private long left;

    private boolean ended;
    private Headers trailers = Headers.empty();

    private RawExchange(RawConnection connection, ConformanceClient.Request request) {
        this.connection = connection;
        this.method = request.method();
        this.chunkedRequest = request.body() && request.first("content-length") == null;
    }

    static RawExchange open(RawConnection connection, ConformanceClient.Request request) throws IOException {
        RawExchange exchange = new RawExchange(connection, request);
        StringBuilder text = new StringBuilder();
        text.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
        if (request.first("host") == null) {
            text.append("Host: conformance.example\r\n");
        }
        for (Map.Entry<String, String> field : request.fields()) {
            text.append(field.getKey()).append(": ").append(field.getValue()).append("\r\n");
        }
        if (exchange.chunkedRequest) {
            text.append("Transfer-Encoding: chunked\r\n");
        }
        connection.write(text.append("\r\n").toString().getBytes(ISO_8859_1));
        return exchange;
    }

    @Override
    public void write(byte[] part) throws IOException {
        if (!chunkedRequest) {
            connection.write(part);
        } else if (part.length > 0) {
            ByteArrayOutputStream chunk = new ByteArrayOutputStream(part.length + 12);
            chunk.writeBytes(Integer.toHexString(part.length).getBytes(ISO_8859_1));
            chunk.writeBytes(LINE_END);
            chunk.writeBytes(part);
            chunk.writeBytes(LINE_END);
            connection.write(chunk.toByteArray());
        }
    }

    @Override
    public void finish(Headers fields) throws IOException {
        if (chunkedRequest) {
            StringBuilder text = new StringBuilder("0\r\n");
            fields.forEach(field -> text.append(field.getKey())
                    .append(": ")
                    .append(field.getValue())
                    .append("\r\n"));
            connection.write(text.append("\r\n").toString().getBytes(ISO_8859_1));
        }
    }

    @Override
    public void halfClose() throws IOException {
        connection.halfClose();
    }

    @Override
    public ConformanceClient.Head awaitHead() throws IOException {
        String statusLine = connection.readLine();
        if (!statusLine.startsWith("HTTP/1.1 ") || statusLine.length() < 12) {
            throw new AssertionError("status line: " + statusLine + " (expected: HTTP/1.1 and a status)");
        }
        int status = Integer.parseInt(statusLine.substring(9, 12));
        ConformanceClient.Head received = new ConformanceClient.Head(status, readFields());
        if (status >= 200 || status == 101) {
            head = received;
            frame(received);
        }
        return received;
    }

    @Override
    public int read(byte[] target) throws IOException {
        awaitFinalHead();
        if (ended) {
            return -1;
        }
        if (framing == Framing.CHUNKED && left == 0 && !nextChunk()) {
            return -1;
        }
        int most = framing == Framing.UNTIL_CLOSE ? target.length : (int) Math.min(target.length, left);
        int count = connection.read(target, most);
        if (count < 0) {
            ended = true;
            if (framing == Framing.UNTIL_CLOSE) {
                return -1;
            }
            throw new EOFException("the connection ended before the body did");
        }
        left -= count;
        if (framing == Framing.CHUNKED && left == 0) {
            connection.readLine();
        }
        ended = framing == Framing.LENGTH && left == 0;
        return count;
    }

    @Override
    public ConformanceClient.Response awaitResponse() throws IOException {
        ConformanceClient.Head last = awaitFinalHead();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] part = new byte[8 * 1024];
        boolean complete = true;
        try {
            for (int count = read(part); count >= 0; count = read(part)) {
                body.write(part, 0, count);
            }
        } catch (IOException cutShort) {
            complete = false;
        }
        ByteBuffer bytes = ByteBuffer.wrap(body.toByteArray()).asReadOnlyBuffer();
        return new ConformanceClient.Response(last, List.copyOf(interim), bytes, complete, trailers);
    }

    @Override
    public boolean silent(Duration time) throws IOException {
        return connection.silent(time);
    }

    @Override
    public void abort() {
        connection.abort();
    }

    private ConformanceClient.Head awaitFinalHead() throws IOException {
        while (true) {
            ConformanceClient.Head known = head;
            if (known != null) {
                return known;
            }
            ConformanceClient.Head received = awaitHead();
            if (head == null) {
                interim.add(received);
            }
        }
    }

    /** RFC 9112 section 6.3. */
    private void frame(ConformanceClient.Head received) {
        String coding = received.headers().first("transfer-encoding");
        String length = received.headers().first("content-length");
        int status = received.status();
        if (method.equals("HEAD") || status == 101 || status == 204 || status == 304) {
            framing = Framing.NONE;
            ended = true;
        } else if (coding != null) {
            framing = Framing.CHUNKED;
            if (!coding.toLowerCase(Locale.ROOT).equals("chunked")) {
                throw new AssertionError("transfer-encoding: " + coding + " (expected: chunked)");
            }
        } else if (length != null) {
            framing = Framing.LENGTH;
            left = Long.parseLong(length);
            ended = left == 0;
        } else {
            framing = Framing.UNTIL_CLOSE;
        }
    }

    private boolean nextChunk() throws IOException {
        left = Long.parseLong(connection.readLine(), 16);
        if (left == 0) {
            trailers = readFields();
            ended = true;
        }
        return !ended;
    }

    private Headers readFields() throws IOException {
        Headers.Builder fields = Headers.builder();
        for (String line = connection.readLine(); !line.isEmpty(); line = connection.readLine()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new AssertionError("field line: " + line + " (expected: name, colon, value)");
            }
            fields.add(line.substring(0, colon), line.substring(colon + 1));
        }
        return fields.build();
    }
}
