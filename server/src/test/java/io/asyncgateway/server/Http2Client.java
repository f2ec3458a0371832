package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asyncgateway.api.Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A client of HTTP/2 that sends exactly the frames that it is told to, right and wrong ones. What comes is read by a thread of its own, which answers SETTINGS and PING and keeps
 * the connection's window open; those of the streams are the test's. Safe for use by several threads.
 */
final class Http2Client implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int PRIORITIZED = 0x20;

    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

    /** A frame that came; a field block is decoded. */
    record Frame(int type, int flags, int streamId, byte[] payload, Headers fields) {
        boolean is(int flag) {
            return (flags & flag) != 0;
        }

        /** The number in RST_STREAM and WINDOW_UPDATE, and the first of GOAWAY. */
        int number() {
            return ByteBuffer.wrap(payload).getInt();
        }

        /** The error of RST_STREAM or GOAWAY. */
        Http2Error error() {
            int code = type == GOAWAY ? ByteBuffer.wrap(payload).getInt(4) : number();
            for (Http2Error error : Http2Error.values()) {
                if (error.code() == code) {
                    return error;
                }
            }
            throw new AssertionError("error code: " + code);
        }

        @Override
        public String toString() {
            String name = List.of(
                            "DATA",
                            "HEADERS",
                            "PRIORITY",
                            "RST_STREAM",
                            "SETTINGS",
                            "PUSH_PROMISE",
                            "PING",
                            "GOAWAY",
                            "WINDOW_UPDATE",
                            "CONTINUATION")
                    .get(type);
            String error = type == RST_STREAM || type == GOAWAY ? " " + error() : "";
            return name + " on " + streamId + " with " + payload.length + " octets, flags " + flags + error;
        }
    }

    private final Socket socket;
    private final OutputStream out;
    private final HpackDecoder hpack = new HpackDecoder();
    private final FieldSection section = new FieldSection(1 << 20, 1000);
    private final List<Frame> frames = new ArrayList<>();
    private final Map<Integer, Long> windows = new TreeMap<>();
    private final Map<Integer, Integer> settings = new TreeMap<>();
    private long initialWindow = 65_535;
    private boolean ended;
    private boolean reading;
    private volatile boolean answers = true;

    private Http2Client(Socket socket) {
        this.socket = socket;
        try {
            socket.setTcpNoDelay(true);
            out = socket.getOutputStream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        windows.put(0, 65_535L);
    }

    /** Not before the client has spoken, so that nothing is answered before. */
    private void startReading() {
        if (!reading) {
            reading = true;
            Thread reader = new Thread(this::readAll, "http2-client");
            reader.setDaemon(true);
            reader.start();
        }
    }

    /** Over TCP, silent yet. */
    static Http2Client connect(InetSocketAddress server) {
        return unchecked(() -> new Http2Client(new Socket(server.getAddress(), server.getPort())));
    }

    /** Over TLS, silent yet. */
    static Http2Client connect(InetSocketAddress server, SSLContext context) {
        return unchecked(() -> {
            SSLSocket tls = (SSLSocket) context.getSocketFactory()
                    .createSocket(
                            new Socket(server.getAddress(), server.getPort()), "127.0.0.1", server.getPort(), true);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            if (!tls.getApplicationProtocol().equals("h2")) {
                throw new AssertionError("ALPN: " + tls.getApplicationProtocol() + " (expected: h2)");
            }
            return new Http2Client(tls);
        });
    }

    /** Preface and SETTINGS, and those of the server. */
    Http2Client begin(int... settingsAndValues) {
        byte[] settings = settingsFrame(settingsAndValues);
        write(ByteBuffer.allocate(PREFACE.length + settings.length)
                .put(PREFACE)
                .put(settings)
                .array()); // at once: nothing may come between, not even an acknowledgement
        await(frame -> frame.type == SETTINGS && !frame.is(ACK));
        await(frame -> frame.type == SETTINGS && frame.is(ACK));
        return this;
    }

    /** Sends a request of HTTP/1.1 that asks for HTTP/2, and reads the head of the answer. */
    void upgrade(String request) {
        unchecked(() -> {
            out.write(request.getBytes(ISO_8859_1));
            out.flush();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
            if (head.indexOf("HTTP/1.1 101 ") != 0) {
                throw new AssertionError(head.toString());
            }
            return null;
        });
    }

    /** PING and SETTINGS are not answered from now on. */
    void stopAnswering() {
        answers = false;
    }

    // ------------------------------------------------------------------------------------------------ sending

    Http2Client send(int type, int flags, int streamId, byte[] payload) {
        write(frame(type, flags, streamId, payload));
        return this;
    }

    private static byte[] frame(int type, int flags, int streamId, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        return frame.put((byte) type)
                .put((byte) flags)
                .putInt(streamId)
                .put(payload)
                .array();
    }

    Http2Client send(int type, int flags, int streamId, int number) {
        return send(type, flags, streamId, number(number));
    }

    static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    void write(byte[] octets) {
        synchronized (out) {
            unchecked(() -> {
                out.write(octets);
                out.flush();
                startReading();
                return null;
            });
        }
    }

    void settings(int... settingsAndValues) {
        write(settingsFrame(settingsAndValues));
    }

    private static byte[] settingsFrame(int... settingsAndValues) {
        ByteBuffer payload = ByteBuffer.allocate(settingsAndValues.length * 3);
        for (int i = 0; i < settingsAndValues.length; i += 2) {
            payload.putShort((short) settingsAndValues[i]).putInt(settingsAndValues[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload.array());
    }

    /** A field block, without any compression; names and values in turn. */
    static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0x10);
            string(block, fields[i]);
            string(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    private static void string(ByteArrayOutputStream block, String text) {
        byte[] octets = text.getBytes(ISO_8859_1);
        if (octets.length < 127) {
            block.write(octets.length);
        } else {
            block.write(127);
            int rest = octets.length - 127;
            for (; rest >= 128; rest >>= 7) {
                block.write(rest & 127 | 128);
            }
            block.write(rest);
        }
        block.writeBytes(octets);
    }

    static String[] request(String method, String path, String... more) {
        List<String> fields = new ArrayList<>(
                List.of(":method", method, ":scheme", "http", ":path", path, ":authority", "a.example"));
        fields.addAll(List.of(more));
        return fields.toArray(String[]::new);
    }

    Http2Client headers(int streamId, boolean endStream, String... fields) {
        return send(HEADERS, END_HEADERS | (endStream ? END_STREAM : 0), streamId, block(fields));
    }

    Http2Client get(int streamId, String path) {
        return headers(streamId, true, request("GET", path));
    }

    Http2Client post(int streamId, String path, String... more) {
        return headers(streamId, false, request("POST", path, more));
    }

    Http2Client data(int streamId, boolean endStream, String text) {
        return send(DATA, endStream ? END_STREAM : 0, streamId, text.getBytes(ISO_8859_1));
    }

    /** DATA as far as the windows are open; waits for them. */
    void body(int streamId, byte[] octets) throws IOException {
        for (int at = 0; at < octets.length; ) {
            int length;
            synchronized (this) {
                while ((length = (int) Math.min(Math.min(16_384, octets.length - at), room(streamId))) <= 0) {
                    if (ended || isReset(streamId)) {
                        throw new IOException("the stream is gone");
                    }
                    pause(100);
                }
                windows.merge(0, -(long) length, Long::sum);
                windows.put(streamId, windows.getOrDefault(streamId, initialWindow) - length);
            }
            byte[] part = new byte[length];
            System.arraycopy(octets, at, part, 0, length);
            send(DATA, 0, streamId, part);
            at += length;
        }
    }

    private long room(int streamId) {
        return Math.min(windows.get(0), windows.getOrDefault(streamId, initialWindow));
    }

    private boolean isReset(int streamId) {
        return frames.stream().anyMatch(frame -> frame.type == RST_STREAM && frame.streamId == streamId);
    }

    private void pause(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    // ------------------------------------------------------------------------------------------------ receiving

    /** Takes the first frame of a kind, which must come; others stay. */
    Frame await(Predicate<Frame> wanted) {
        Frame frame = poll(wanted, Waiting.PATIENCE);
        if (frame == null) {
            throw new AssertionError("nothing like it came; ended: " + ended + ", there is: " + all());
        }
        return frame;
    }

    /** Takes the first frame of a kind; {@code null} if the connection has ended or none comes in time. */
    synchronized Frame poll(Predicate<Frame> wanted, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            for (int i = 0; i < frames.size(); i++) {
                if (wanted.test(frames.get(i))) {
                    return frames.remove(i);
                }
            }
            long left = deadline - System.nanoTime();
            if (ended || left <= 0) {
                return null;
            }
            pause(Math.max(1, left / 1_000_000));
        }
    }

    synchronized boolean isEnded() {
        return ended;
    }

    synchronized List<Frame> all() {
        return List.copyOf(frames);
    }

    synchronized int setting(int setting) {
        return settings.getOrDefault(setting, -1);
    }

    /** The final head of a stream. */
    Headers awaitHead(int streamId) {
        return await(frame -> frame.type == HEADERS
                        && frame.streamId == streamId
                        && !String.valueOf(frame.fields.first(":status")).startsWith("1"))
                .fields;
    }

    String awaitStatus(int streamId) {
        return awaitHead(streamId).first(":status");
    }

    /** The body of a stream to its end, for which the window is opened. */
    String awaitBody(int streamId) {
        StringBuilder body = new StringBuilder();
        while (true) {
            Frame frame = await(next -> next.streamId == streamId && (next.type == DATA || next.type == RST_STREAM));
            if (frame.type == RST_STREAM) {
                throw new AssertionError(frame.toString());
            }
            body.append(new String(frame.payload, ISO_8859_1));
            if (frame.is(END_STREAM)) {
                return body.toString();
            }
            if (frame.payload.length > 0) {
                send(WINDOW_UPDATE, 0, streamId, frame.payload.length);
            }
        }
    }

    void awaitEnd() {
        Waiting.await().until(this::isEnded);
    }

    /** Whether the connection answers still. */
    void ping() {
        byte[] payload = {1, 2, 3, 4, 5, 6, 7, (byte) System.nanoTime()};
        send(PING, 0, 0, payload);
        await(frame -> frame.type == PING
                && frame.is(ACK)
                && ByteBuffer.wrap(frame.payload).equals(ByteBuffer.wrap(payload)));
    }

    private void readAll() {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int streamId = in.readInt();
                byte[] payload = new byte[length];
                in.readFully(payload);
                received(
                        new Frame(type, flags, streamId, payload, type == HEADERS ? decode(payload) : Headers.empty()));
            }
        } catch (IOException | Http2Failure | UncheckedIOException end) {
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }
    }

    /** The server's blocks are in one frame each, as tests have them. */
    private Headers decode(byte[] block) throws Http2Failure {
        section.clear();
        hpack.decode(block, 0, block.length, section);
        Headers.Builder fields = Headers.builder();
        StringBuilder status = new StringBuilder();
        for (int i = 0; i < section.fields(); i++) {
            String name = text(section.nameStart(i), section.nameEnd(i));
            String value = text(section.valueStart(i), section.valueEnd(i));
            if (name.equals(":status")) {
                status.append(value);
            } else {
                fields.add(name, value);
            }
        }
        return new WithStatus(fields.build(), status.toString());
    }

    private String text(int start, int end) {
        return new String(section.octets(), start, end - start, ISO_8859_1);
    }

    /** Fields that know {@code :status} too, which is no name that fields can have. */
    private record WithStatus(Headers fields, String status) implements Headers {
        @Override
        public int size() {
            return fields.size();
        }

        @Override
        public String name(int index) {
            return fields.name(index);
        }

        @Override
        public String value(int index) {
            return fields.value(index);
        }

        @Override
        public String first(String name) {
            return name.equals(":status") && !status.isEmpty() ? status : fields.first(name);
        }
    }

    private void received(Frame frame) {
        synchronized (this) {
            frames.add(frame);
            notice(frame);
            notifyAll();
        }
        if (answers) {
            answer(frame);
        }
    }

    /** A server that has said everything may be gone already. */
    private void answer(Frame frame) {
        try {
            if (frame.type == SETTINGS && !frame.is(ACK)) {
                send(SETTINGS, ACK, 0, new byte[0]);
            } else if (frame.type == PING && !frame.is(ACK)) {
                send(PING, ACK, 0, frame.payload);
            } else if (frame.type == DATA && frame.payload.length > 0) {
                send(WINDOW_UPDATE, 0, 0, frame.payload.length);
            }
        } catch (UncheckedIOException gone) {
            // what it has said is still to be read
        }
    }

    private void notice(Frame frame) {
        if (frame.type == WINDOW_UPDATE) {
            windows.put(frame.streamId, windows.getOrDefault(frame.streamId, initialWindow) + frame.number());
        } else if (frame.type == SETTINGS && !frame.is(ACK)) {
            ByteBuffer entries = ByteBuffer.wrap(frame.payload);
            while (entries.hasRemaining()) {
                settings.put(entries.getShort() & 0xffff, entries.getInt());
            }
            long window = settings.getOrDefault(4, 65_535);
            long change = window - initialWindow;
            initialWindow = window;
            windows.replaceAll((streamId, before) -> streamId == 0 ? before : before + change);
        }
    }

    /** Leaves by a reset of TCP. */
    void abort() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException gone) {
            // closed already
        }
        close();
    }

    /** Leaves by the end of TCP. */
    void leave() {
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException gone) {
            // a client that leaves does not care how
        }
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
