package io.asyncgateway.api.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The client's side of a WebSocket over HTTP/1.1 (RFC 6455), without extensions. */
final class RawWebSocket implements ConformanceClient.WebSocket {
    private static final int PING = 9;
    private static final int PONG = 10;

    private final RawConnection connection;
    private final RawExchange handshake;
    private final String key;
    private ConformanceClient.@Nullable Head head;

    private RawWebSocket(RawConnection connection, RawExchange handshake, String key) {
        this.connection = connection;
        this.handshake = handshake;
        this.key = key;
    }

    static RawWebSocket open(RawConnection connection, ConformanceClient.Request request) throws IOException {
        byte[] nonce = new byte[16];
        ThreadLocalRandom.current().nextBytes(nonce);
        String key = Base64.getEncoder().encodeToString(nonce);
        ConformanceClient.Request opening = request.with("Upgrade", "websocket")
                .with("Connection", "Upgrade")
                .with("Sec-WebSocket-Version", "13")
                .with("Sec-WebSocket-Key", key);
        return new RawWebSocket(connection, RawExchange.open(connection, opening), key);
    }

    @Override
    public ConformanceClient.Head awaitHead() throws IOException {
        ConformanceClient.Head known = head;
        if (known == null) {
            known = handshake.awaitHead();
            head = known;
            String accept = known.headers().first("sec-websocket-accept");
            if (known.status() == 101 && !answerTo(key).equals(accept)) {
                throw new AssertionError("sec-websocket-accept: " + accept + " (expected: " + answerTo(key) + ")");
            }
        }
        return known;
    }

    @Override
    public boolean accepted() throws IOException {
        return awaitHead().status() == 101;
    }

    @Override
    public ConformanceClient.Response awaitDenial() throws IOException {
        if (accepted()) {
            throw new AssertionError("the WebSocket was accepted (expected: a response that denies it)");
        }
        return handshake.awaitResponse();
    }

    @Override
    public void sendFrame(int opcode, boolean last, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        frame.put((byte) (opcode | (last ? 0x80 : 0)));
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        byte[] mask = new byte[4];
        ThreadLocalRandom.current().nextBytes(mask);
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i & 3]));
        }
        byte[] octets = new byte[frame.flip().remaining()];
        frame.get(octets);
        connection.write(octets);
    }

    @Override
    public ConformanceClient.Message receive() throws IOException {
        try {
            return receiveMessage();
        } catch (EOFException | SocketException gone) {
            return new ConformanceClient.Message(ConformanceClient.Message.Kind.END, ByteBuffer.allocate(0));
        }
    }

    @Override
    public boolean silent(Duration time) throws IOException {
        return connection.silent(time);
    }

    @Override
    public void abort() {
        connection.abort();
    }

    private ConformanceClient.Message receiveMessage() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int kind = CONTINUATION;
        while (true) {
            int first = connection.readFully(1)[0] & 0xff;
            int opcode = first & 0x0f;
            byte[] payload = connection.readFully(length());
            if (opcode == PING) {
                sendFrame(PONG, true, payload);
            } else if (opcode == CLOSE) {
                return message(CLOSE, payload);
            } else if (opcode != PONG) {
                kind = opcode == CONTINUATION ? kind : opcode;
                message.writeBytes(payload);
                if ((first & 0x80) != 0) {
                    return message(kind, message.toByteArray());
                }
            }
        }
    }

    private int length() throws IOException {
        int length = connection.readFully(1)[0] & 0xff;
        if (length > 127) {
            throw new AssertionError("a frame of the server is masked (expected: RFC 6455 section 5.1)");
        }
        if (length == 126) {
            return ByteBuffer.wrap(connection.readFully(2)).getShort() & 0xffff;
        }
        return length == 127
                ? Math.toIntExact(ByteBuffer.wrap(connection.readFully(8)).getLong())
                : length;
    }

    private static ConformanceClient.Message message(int opcode, byte[] payload) {
        ConformanceClient.Message.Kind kind =
                switch (opcode) {
                    case TEXT -> ConformanceClient.Message.Kind.TEXT;
                    case BINARY -> ConformanceClient.Message.Kind.BINARY;
                    case CLOSE -> ConformanceClient.Message.Kind.CLOSE;
                    default -> throw new AssertionError("opcode: " + opcode + " (expected: one of RFC 6455)");
                };
        return new ConformanceClient.Message(kind, ByteBuffer.wrap(payload).asReadOnlyBuffer());
    }

    /** RFC 6455 section 4.2.2. */
    private static String answerTo(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] digest = sha1.digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-1", impossible);
        }
    }
}
