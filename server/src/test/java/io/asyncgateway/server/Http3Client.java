package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asyncgateway.api.Headers;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicClosedChannelException;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.codec.quic.SslEarlyDataReadyEvent;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A client of HTTP/3 that writes octets onto streams of QUIC as a test tells it, right or wrong, and reads what comes when it is asked to. */
final class Http3Client implements AutoCloseable {
    private static final Duration PATIENCE = Waiting.PATIENCE;

    /** As much as the server may send ahead of the test. */
    private static final int WINDOW = 64 * 1024;

    private static final EventLoopGroup LOOP = new MultiThreadIoEventLoopGroup(
            1,
            task -> {
                Thread thread = new Thread(task, "http3-client");
                thread.setDaemon(true);
                return thread;
            },
            NioIoHandler.newFactory());

    private final Channel socket;
    private final QuicChannel connection;
    private final CompletableFuture<QuicConnectionCloseEvent> closed;
    private final List<Stream> ofServer;
    private final boolean hadEarlyData;

    private Http3Client(
            Channel socket,
            QuicChannel connection,
            CompletableFuture<QuicConnectionCloseEvent> closed,
            List<Stream> ofServer,
            boolean hadEarlyData) {
        this.hadEarlyData = hadEarlyData;
        this.socket = socket;
        this.connection = connection;
        this.closed = closed;
        this.ofServer = ofServer;
    }

    static QuicSslContext trusting(X509Bundle... own) {
        QuicSslContextBuilder builder = QuicSslContextBuilder.forClient()
                .trustManager(TestCertificates.authority().getCertificate())
                .applicationProtocols("h3");
        if (own.length > 0) {
            builder.keyManager(own[0].getKeyPair().getPrivate(), null, own[0].getCertificatePath());
        }
        return builder.build();
    }

    static Http3Client connect(InetSocketAddress address) {
        return connect(address, trusting(), "localhost");
    }

    /**
     * Completes the handshake.
     *
     * @param name of the server that is asked for; {@code null} to ask for none
     */
    static Http3Client connect(InetSocketAddress address, QuicSslContext trust, String name) {
        Channel socket = get(new Bootstrap()
                        .group(LOOP)
                        .channel(NioDatagramChannel.class)
                        .handler(new QuicClientCodecBuilder()
                                .sslEngineProvider(q -> name == null
                                        ? trust.newEngine(q.alloc())
                                        : trust.newEngine(q.alloc(), name, address.getPort()))
                                .maxIdleTimeout(60, TimeUnit.SECONDS)
                                .initialMaxData(16 * WINDOW)
                                .initialMaxStreamDataBidirectionalLocal(WINDOW)
                                .initialMaxStreamDataUnidirectional(WINDOW)
                                .initialMaxStreamsUnidirectional(3)
                                .build())
                        .bind(0))
                .channel();
        CompletableFuture<QuicConnectionCloseEvent> closed = new CompletableFuture<>();
        List<Stream> ofServer = new CopyOnWriteArrayList<>();
        AtomicBoolean early = new AtomicBoolean();
        try {
            QuicChannel connection = result(QuicChannel.newBootstrap(socket)
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object message) {
                            Stream stream = new Stream();
                            ((QuicStreamChannel) message).pipeline().addLast(stream);
                            ofServer.add(stream);
                            ctx.fireChannelRead(message);
                        }

                        @Override
                        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                            if (event instanceof QuicConnectionCloseEvent close) {
                                closed.complete(close);
                            } else if (event instanceof SslEarlyDataReadyEvent) {
                                early.set(true);
                            }
                        }

                        @Override
                        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                            closed.completeExceptionally(cause);
                        }

                        @Override
                        public void channelInactive(ChannelHandlerContext ctx) {
                            closed.completeExceptionally(new IOException("the connection is gone"));
                        }
                    })
                    .streamOption(ChannelOption.AUTO_READ, false)
                    .remoteAddress(address)
                    .connect());
            return new Http3Client(socket, connection, closed, ofServer, early.get());
        } catch (RuntimeException | Error failure) {
            socket.close().awaitUninterruptibly();
            throw failure;
        }
    }

    /** Begins handshakes, all of one socket, and does not wait for what becomes of them; what it returns gives them up. */
    static Runnable knock(InetSocketAddress address, int times) {
        QuicSslContext trust = trusting();
        Channel socket = get(new Bootstrap()
                        .group(LOOP)
                        .channel(NioDatagramChannel.class)
                        .handler(new QuicClientCodecBuilder()
                                .sslEngineProvider(q -> trust.newEngine(q.alloc(), "localhost", address.getPort()))
                                .build())
                        .bind(0))
                .channel();
        for (int i = 0; i < times; i++) {
            QuicChannel.newBootstrap(socket)
                    .handler(new ChannelInboundHandlerAdapter())
                    .remoteAddress(address)
                    .connect();
        }
        return () -> socket.close().awaitUninterruptibly();
    }

    /** The error with which the server sends a new client away. */
    static int awaitRefusal(InetSocketAddress address) {
        try (Http3Client client = connect(address)) {
            return client.awaitClose();
        } catch (IllegalStateException refused) {
            if (refused.getCause() instanceof QuicClosedChannelException closed && closed.event() != null) {
                return closed.event().error();
            }
            throw refused;
        }
    }

    private static ChannelFuture get(ChannelFuture future) {
        result(future);
        return future;
    }

    private static <T> T result(Future<T> future) {
        if (!future.awaitUninterruptibly(PATIENCE.toMillis())) {
            throw new AssertionError("not done within " + PATIENCE);
        }
        if (!future.isSuccess()) {
            throw new IllegalStateException(future.cause());
        }
        return future.getNow();
    }

    /** Opens the control stream as every client does. */
    Http3Client begin() {
        uni(octets(0x00, 0x04, 0x00));
        return this;
    }

    /** A new stream of a request. */
    Stream open() {
        return open(QuicStreamType.BIDIRECTIONAL);
    }

    /** A new unidirectional stream, with its first octets. */
    Stream uni(byte[] first) {
        Stream stream = open(QuicStreamType.UNIDIRECTIONAL);
        stream.send(first, false);
        return stream;
    }

    Stream open(QuicStreamType type) {
        Stream stream = new Stream();
        result(connection.createStream(type, stream));
        return stream;
    }

    /** A request without a body. */
    Stream get(String target, String... more) {
        Stream stream = open();
        stream.send(headers(request("GET", target, more)), true);
        return stream;
    }

    static String[] request(String method, String target, String... more) {
        String[] fields = new String[8 + more.length];
        System.arraycopy(
                new String[] {":method", method, ":scheme", "https", ":authority", "localhost", ":path", target},
                0,
                fields,
                0,
                8);
        System.arraycopy(more, 0, fields, 8, more.length);
        return fields;
    }

    /** The error with which the server has ended the connection. */
    int awaitClose() {
        try {
            QuicConnectionCloseEvent event = closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return event.error();
        } catch (TimeoutException still) {
            throw new AssertionError("the connection is open", still);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    boolean isOpen() {
        return !closed.isDone();
    }

    /** Whether the server let it send before the handshake was over. */
    boolean hadEarlyData() {
        return hadEarlyData;
    }

    /** What the server has said on its control stream. */
    Stream control() {
        Waiting.await().until(() -> !ofServer.isEmpty());
        return ofServer.get(0);
    }

    /** Waits until the server allows another stream, or has ended the connection. */
    Http3Client awaitRoom(QuicStreamType type) {
        if (isOpen() && connection.peerAllowedStreams(type) == 0) {
            Waiting.await().until(() -> !isOpen() || connection.peerAllowedStreams(type) > 0);
        }
        return this;
    }

    QuicChannel channel() {
        return connection;
    }

    @Override
    public void close() {
        connection
                .close(true, Http3Error.H3_NO_ERROR.code(), Unpooled.EMPTY_BUFFER)
                .awaitUninterruptibly();
        socket.close().awaitUninterruptibly();
    }

    // ------------------------------------------------------------------------------------------------ octets

    static byte[] octets(int... values) {
        byte[] octets = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            octets[i] = (byte) values[i];
        }
        return octets;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] frame(long type, byte[] payload) {
        ByteBuf frame = Unpooled.buffer();
        VarInt.write(frame, type);
        VarInt.write(frame, payload.length);
        frame.writeBytes(payload);
        byte[] octets = new byte[frame.readableBytes()];
        frame.readBytes(octets);
        return octets;
    }

    static byte[] data(String text) {
        return frame(Http3FrameDecoder.DATA, text.getBytes(ISO_8859_1));
    }

    static byte[] headers(String... fields) {
        return frame(Http3FrameDecoder.HEADERS, section(fields));
    }

    /** Names and values, without a table and without Huffman code, since nothing here may mend what is wrong. */
    static byte[] section(String... fields) {
        ByteBuf section = Unpooled.buffer().writeShort(0);
        for (int i = 0; i < fields.length; i += 2) {
            string(section, 0x20, 3, fields[i]);
            string(section, 0x00, 7, fields[i + 1]);
        }
        byte[] octets = new byte[section.readableBytes()];
        section.readBytes(octets);
        return octets;
    }

    private static void string(ByteBuf target, int pattern, int prefix, String text) {
        int mask = (1 << prefix) - 1;
        int length = text.length();
        if (length < mask) {
            target.writeByte(pattern | length);
        } else {
            target.writeByte(pattern | mask);
            int rest = length - mask;
            while (rest >= 0x80) {
                target.writeByte(rest | 0x80);
                rest >>>= 7;
            }
            target.writeByte(rest);
        }
        target.writeCharSequence(text, ISO_8859_1);
    }

    /** A frame as it came. */
    record Frame(long type, byte[] payload) {
        Headers fields() {
            FieldSection section = new FieldSection(1 << 20, 1000);
            try {
                new QpackDecoder().decode(payload, 0, payload.length, section);
            } catch (Http3Failure broken) {
                throw new AssertionError(broken);
            }
            int[] bounds = new int[section.fields() * RequestFields.STRIDE];
            for (int i = 0; i < section.fields(); i++) {
                section.copyBounds(i, bounds, i * RequestFields.STRIDE);
            }
            return new RequestFields(section.copyOfOctets(0), bounds);
        }
    }

    /** A whole response. */
    record Response(int status, Headers headers, String body, Headers trailers) {}

    /** One stream, in both directions. */
    static final class Stream extends ChannelInboundHandlerAdapter {
        private static final Object FIN = new Object();

        private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
        private final CompletableFuture<QuicStreamChannel> added = new CompletableFuture<>();
        private ByteBuf input = Unpooled.buffer();
        private boolean ended;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            QuicStreamChannel channel = (QuicStreamChannel) ctx.channel();
            channel.config().setReadFrames(true).setAutoRead(false);
            added.complete(channel);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            QuicStreamFrame frame = (QuicStreamFrame) message;
            byte[] octets = new byte[frame.content().readableBytes()];
            frame.content().readBytes(octets);
            received.add(octets);
            if (frame.hasFin()) {
                received.add(FIN);
            }
            frame.release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            received.add(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            received.add(new IOException("the stream is gone"));
        }

        QuicStreamChannel channel() {
            return added.join();
        }

        /** Sends octets; waits until the transport has taken them, for which the server may have to read. */
        Stream send(byte[] octets, boolean fin) {
            ChannelFuture written = channel()
                    .writeAndFlush(new DefaultQuicStreamFrame(
                            Unpooled.directBuffer(Math.max(1, octets.length)).writeBytes(octets), fin));
            if (!written.awaitUninterruptibly(PATIENCE.toMillis())) {
                throw new AssertionError("the server takes nothing");
            }
            if (!written.isSuccess()) {
                throw new java.io.UncheckedIOException(new IOException(written.cause()));
            }
            return this;
        }

        Stream send(byte[]... parts) {
            return send(join(parts), false);
        }

        Stream end(byte[]... parts) {
            return send(join(parts), true);
        }

        void reset(Http3Error error) {
            channel().shutdownOutput(error.code()).awaitUninterruptibly();
        }

        void stop(Http3Error error) {
            channel().shutdownInput(error.code()).awaitUninterruptibly();
        }

        /** Reads some octets more; {@code false} at the end, or where none come in time. */
        boolean readSome(Duration time) throws IOException {
            if (ended) {
                return false;
            }
            Object next = received.poll();
            if (next == null) {
                channel().read();
                try {
                    next = received.poll(time.toMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException stop) {
                    throw new AssertionError(stop);
                }
            }
            if (next == null) {
                return false;
            }
            if (next == FIN) {
                ended = true;
                return true;
            }
            if (next instanceof Throwable cause) {
                received.add(next);
                throw cause instanceof IOException io ? io : new IOException(cause);
            }
            input.discardReadBytes();
            input.writeBytes((byte[]) next);
            return true;
        }

        /** Whether nothing comes for so long. */
        boolean isSilent(Duration time) {
            try {
                return !input.isReadable() && !ended && !readSome(time);
            } catch (IOException failure) {
                return false;
            }
        }

        boolean isEnded() {
            return ended && !input.isReadable();
        }

        /** The next frame; {@code null} at the end of the stream. */
        Frame frame() throws IOException {
            while (true) {
                Frame frame = parse();
                if (frame != null) {
                    return frame;
                }
                if (ended) {
                    return null;
                }
                if (!readSome(PATIENCE)) {
                    throw new AssertionError("nothing came from the server within " + PATIENCE);
                }
            }
        }

        private Frame parse() {
            int start = input.readerIndex();
            VarInt type = new VarInt();
            VarInt length = new VarInt();
            if (type.read(input) && length.read(input) && input.readableBytes() >= length.value()) {
                byte[] payload = new byte[(int) length.value()];
                input.readBytes(payload);
                return new Frame(type.value(), payload);
            }
            input.readerIndex(start);
            return null;
        }

        /** The number at the beginning of a unidirectional stream. */
        long type() throws IOException {
            if (!input.isReadable()) {
                readSome(PATIENCE);
            }
            return input.readUnsignedByte();
        }

        /** The whole response; an {@link IOException} where it is reset. */
        Response response() throws IOException {
            Headers head = null;
            Headers trailers = Headers.empty();
            StringBuilder body = new StringBuilder();
            for (Frame frame = frame(); frame != null; frame = frame()) {
                if (frame.type() == Http3FrameDecoder.DATA) {
                    body.append(new String(frame.payload(), ISO_8859_1));
                } else if (frame.type() == Http3FrameDecoder.HEADERS && head != null) {
                    trailers = frame.fields();
                } else if (frame.type() == Http3FrameDecoder.HEADERS && !isInterim(frame)) {
                    head = frame.fields();
                }
            }
            if (head == null) {
                throw new IOException("no response");
            }
            return new Response(Integer.parseInt(head.first(":status")), head, body.toString(), trailers);
        }

        private static boolean isInterim(Frame frame) {
            return frame.fields().first(":status").startsWith("1");
        }

        /** The error with which the server has reset its direction. */
        long awaitReset() {
            try {
                while (readSome(PATIENCE)) {
                    if (ended) {
                        throw new AssertionError("the stream ended, and was not reset");
                    }
                }
            } catch (IOException failure) {
                if (failure.getCause() instanceof QuicStreamResetException reset) {
                    return reset.applicationProtocolCode();
                }
                throw new AssertionError(failure);
            }
            throw new AssertionError("not reset within " + PATIENCE);
        }
    }
}
