package io.asyncgateway.server;

import io.asyncgateway.api.testing.ConformanceClient.Exchange;
import io.asyncgateway.api.testing.ConformanceClient.Head;
import io.asyncgateway.api.testing.ConformanceClient.Message;
import io.asyncgateway.api.testing.ConformanceClient.Response;
import io.asyncgateway.api.testing.ConformanceClient.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A WebSocket whose frames are the bodies of an exchange, as RFC 8441 and RFC 9220 have it. */
final class StreamWebSocket implements WebSocket {
    private static final int PING = 9;

    private final Exchange stream;
    private Head head;

    StreamWebSocket(Exchange stream) {
        this.stream = stream;
    }

    @Override
    public Head awaitHead() throws IOException {
        if (head == null) {
            head = stream.awaitHead();
        }
        return head;
    }

    @Override
    public boolean accepted() throws IOException {
        return awaitHead().status() == 200;
    }

    @Override
    public Response awaitDenial() throws IOException {
        if (accepted()) {
            throw new AssertionError("the WebSocket was accepted (expected: a response that denies it)");
        }
        return stream.awaitResponse();
    }

    @Override
    public void sendFrame(int opcode, boolean last, byte[] payload) throws IOException {
        ClientFrames frame = ClientFrames.frame(opcode, payload);
        stream.write((last ? frame : frame.more()).bytes());
    }

    @Override
    public Message receive() {
        try {
            return receiveMessage();
        } catch (IOException gone) {
            return new Message(Message.Kind.END, ByteBuffer.allocate(0));
        }
    }

    private Message receiveMessage() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int kind = CONTINUATION;
        while (true) {
            int first = readFully(1)[0] & 0xff;
            int opcode = first & 0x0f;
            byte[] payload = readFully(length());
            if (opcode == PING) {
                sendFrame(PONG, true, payload);
            } else if (opcode == CLOSE) {
                return new Message(Message.Kind.CLOSE, ByteBuffer.wrap(payload));
            } else if (opcode != PONG) {
                kind = opcode == CONTINUATION ? kind : opcode;
                message.writeBytes(payload);
                if ((first & 0x80) != 0) {
                    return new Message(
                            kind == TEXT ? Message.Kind.TEXT : Message.Kind.BINARY,
                            ByteBuffer.wrap(message.toByteArray()).asReadOnlyBuffer());
                }
            }
        }
    }

    private int length() throws IOException {
        int length = readFully(1)[0] & 0xff;
        if (length == 126) {
            return ByteBuffer.wrap(readFully(2)).getShort() & 0xffff;
        }
        return length == 127 ? Math.toIntExact(ByteBuffer.wrap(readFully(8)).getLong()) : length;
    }

    private byte[] readFully(int length) throws IOException {
        byte[] octets = new byte[length];
        for (int at = 0; at < length; ) {
            byte[] some = new byte[length - at];
            int count = stream.read(some);
            if (count < 0) {
                throw new EOFException("the stream ended before its frame did");
            }
            System.arraycopy(some, 0, octets, at, count);
            at += count;
        }
        return octets;
    }

    @Override
    public boolean silent(Duration time) throws IOException {
        return stream.silent(time);
    }

    @Override
    public void abort() {
        stream.abort();
    }
}
