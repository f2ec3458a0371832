package io.asyncgateway.server;

import io.asyncgateway.api.HttpEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The inbound half of HTTP/1: octets into {@link RequestHead}s, {@link HttpEvent.Request}s (the parts of the body, already the application's own) and, once,
 * an {@link HttpFailure}, after which all input is thrown away.
 *
 * <p>It is driven by demand: each outbound {@code read()} of {@link Http1Connection} asks for one message, and none is emitted without. The socket is read ahead of
 * the demand only until {@link Limits#inboundWindow()} octets wait here, so that a pipelining or flooding peer is held back by TCP, while a disconnect is still
 * seen.
 *
 * <p>It also owns the time limits on input, since it alone knows what is being waited for. Confined to its event loop.
 *
 * <pre>
 *   HEAD ──► HEAD                            (no body)
 *   HEAD ──► LENGTH ──► HEAD                 (content-length)
 *   HEAD ──► CHUNK_SIZE ──► CHUNK_DATA ──► CHUNK_END ──► CHUNK_SIZE
 *            CHUNK_SIZE ──► TRAILERS ──► HEAD
 *   any  ──► FAILED
 * </pre>
 */
final class Http1Decoder extends ChannelDuplexHandler {
    private enum State {
        HEAD,
        LENGTH,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        FAILED
    }

    /** Most heads fit, and a copy of that size costs next to nothing. */
    private static final int FIRST_GUESS = 1024;
    /** One part of a body, at most. */
    private static final int MAX_PART = 64 * 1024;
    /** Octets of an unfinished section that must come in before it is looked at again, unless a line has ended. */
    private static final int NEXT_LOOK = 4096;
    /** Empty lines before a request line that are forgiven (RFC 9112 section 2.2). */
    private static final int MAX_EMPTY_LINES = 2;

    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[FIRST_GUESS];
        }
    };

    private final Limits limits;
    private final boolean mayBeHttp2;
    private final long headNanos;
    private final Timeouts timeouts;
    private final long keepAliveNanos;
    private final HeadParser headParser;
    private @Nullable ChunkParser chunkParser;
    private @Nullable Pace pace;
    private @Nullable LazyTimer timer;

    private State state = State.HEAD;
    private @Nullable ByteBuf input;
    private boolean demand;
    private boolean decoding;
    private boolean reading;
    private boolean inSocketRead;
    private boolean endOfInput;
    private boolean served;
    private boolean headBegun;
    private int emptyLines;
    private int looked;
    private long remaining;
    private long bodySize;

    /**
     * A decoder of a new connection.
     *
     * @param mayBeHttp2 whether a client may begin with HTTP/2 without saying so before, which is told by {@link InputEvent#HTTP_2}
     */
    Http1Decoder(Limits limits, Timeouts timeouts, boolean mayBeHttp2) {
        this.mayBeHttp2 = mayBeHttp2;
        this.limits = limits;
        this.headNanos = timeouts.requestHead().toNanos();
        this.timeouts = timeouts;
        this.keepAliveNanos = timeouts.keepAlive().toNanos();
        this.headParser = new HeadParser(limits);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timer = new LazyTimer(ctx.channel().eventLoop(), () -> timedOut(ctx));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        timer().close();
        ByteBuf left = input;
        input = null;
        if (left != null) {
            left.release();
        }
    }

    private LazyTimer timer() {
        LazyTimer known = timer;
        if (known == null) {
            throw new IllegalStateException("used before it was added to a pipeline");
        }
        return known;
    }

    private Pace pace() {
        Pace known = pace;
        if (known == null) {
            known = new Pace(timeouts.bodyGap(), limits.bodyRate());
            pace = known;
        }
        return known;
    }

    /** Octets that are not decoded, given to the caller, for a protocol that takes the connection over. */
    @Nullable
    ByteBuf takeInput() {
        ByteBuf left = input;
        input = null;
        state = State.FAILED;
        return left;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        readAhead(ctx);
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        demand = true;
        if (state == State.FAILED) {
            readAhead(ctx); // what is thrown away must be read too, or the close would reset the connection
        } else {
            decode(ctx);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf more = (ByteBuf) message;
        if (state == State.FAILED) {
            more.release();
            return;
        }
        inSocketRead = true;
        if (state != State.HEAD) {
            pace().came(timer().now(), more.readableBytes());
        }
        ByteBuf before = input;
        input = before == null ? more : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, more);
        decode(ctx);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        inSocketRead = false;
        ctx.fireChannelReadComplete();
        readAhead(ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            endOfInput = true;
            ctx.fireUserEventTriggered(InputEvent.HALF_CLOSED);
            decode(ctx);
        } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
            ctx.fireUserEventTriggered(event);
        }
        if (event == ServerEvent.DRAIN && demand && state == State.HEAD && buffered() == 0) {
            demand = false;
            ctx.fireUserEventTriggered(InputEvent.IDLE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endOfInput = true;
        demand = false;
        timer().close();
        ctx.fireChannelInactive();
    }

    /** A message in the way blocks what is behind it, so a full window stops the reading, but never below a whole head. */
    private void readAhead(ChannelHandlerContext ctx) {
        if (reading || endOfInput) {
            return;
        }
        int window = state == State.HEAD || state == State.TRAILERS
                ? Math.max(limits.inboundWindow(), limits.requestLine() + limits.headerSection() + 4)
                : limits.inboundWindow();
        if (demand || buffered() < window) {
            reading = true;
            ctx.read();
        }
    }

    private int buffered() {
        ByteBuf current = input;
        return current == null ? 0 : current.readableBytes();
    }

    private void decode(ChannelHandlerContext ctx) {
        if (decoding) {
            return;
        }
        decoding = true;
        boolean delivered = false;
        try {
            while (demand && state != State.FAILED) {
                Object message = next();
                if (message == null) {
                    break;
                }
                demand = false;
                timer().clear();
                delivered = true;
                ctx.fireChannelRead(message);
            }
        } catch (HttpFailure failure) {
            delivered = true;
            fail(ctx, failure);
        } finally {
            decoding = false;
        }
        ByteBuf current = input;
        if (current != null && (!current.isReadable() || state == State.FAILED)) {
            input = null;
            current.release();
        }
        if (demand && state != State.FAILED) {
            await(ctx);
        }
        if (delivered) {
            completeUnlessInSocketRead(ctx);
        }
    }

    /** What was read ahead is delivered outside a read of the socket, which would have completed by itself. */
    private void completeUnlessInSocketRead(ChannelHandlerContext ctx) {
        if (!inSocketRead) {
            ctx.fireChannelReadComplete();
        }
    }

    private void fail(ChannelHandlerContext ctx, HttpFailure failure) {
        state = State.FAILED;
        demand = false;
        timer().close();
        ctx.fireChannelRead(failure);
    }

    /** More octets are needed for what was asked for: there will be none, or there is a time limit on them. */
    private void await(ChannelHandlerContext ctx) {
        boolean idle = state == State.HEAD && buffered() == 0;
        if (endOfInput) {
            demand = false;
            timer().clear();
            ctx.fireUserEventTriggered(state == State.HEAD ? InputEvent.END : InputEvent.TRUNCATED);
            return;
        }
        if (state != State.HEAD) {
            timer().set(pace().waits(timer().now()));
        } else if (idle) {
            if (!timer().isSet() || served) {
                timer().set(served ? keepAliveNanos : headNanos);
            }
        } else if (!headBegun) {
            headBegun = true;
            timer().set(headNanos);
        }
        readAhead(ctx);
    }

    private void timedOut(ChannelHandlerContext ctx) {
        if (!demand || state == State.FAILED) {
            return;
        }
        if (state == State.HEAD && buffered() == 0) {
            demand = false;
            ctx.fireUserEventTriggered(InputEvent.IDLE);
        } else {
            fail(ctx, new HttpFailure(408, state == State.HEAD ? "head not complete in time" : "body stalled"));
            completeUnlessInSocketRead(ctx);
        }
    }

    /** The next message, or {@code null} if it is not complete. */
    private @Nullable Object next() throws HttpFailure {
        ByteBuf octets = input;
        if (octets == null || !octets.isReadable()) {
            return null;
        }
        return switch (state) {
            case HEAD -> mayBeHttp2 && !served && Http2Preface.mayBegin(octets) ? preface(octets) : head(octets);
            case LENGTH -> length(octets);
            case CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILERS -> chunked(octets);
            case FAILED -> null;
        };
    }

    private static @Nullable Object preface(ByteBuf octets) {
        return octets.readableBytes() < Http2Preface.LENGTH ? null : InputEvent.HTTP_2;
    }

    private @Nullable RequestHead head(ByteBuf octets) throws HttpFailure {
        if (!skipEmptyLines(octets) || !isWorthALook(octets)) {
            return null;
        }
        int readable = octets.readableBytes();
        for (int size = Math.min(readable, FIRST_GUESS); ; size = Math.min(readable, size * 8)) {
            byte[] copy = scratch(size);
            octets.getBytes(octets.readerIndex(), copy, 0, size);
            RequestHead head = headParser.parse(copy, size);
            if (head != null) {
                octets.skipBytes(headParser.end());
                begin(head);
                return head;
            }
            if (size == readable) {
                looked = readable;
                return null;
            }
        }
    }

    /** Heads are parsed in one array for each event loop; a request keeps a copy of its own of just its head. */
    private static byte[] scratch(int size) {
        byte[] known = SCRATCH.get();
        if (known.length >= size) {
            return known;
        }
        byte[] larger = new byte[size];
        if (size <= MAX_PART) {
            SCRATCH.set(larger);
        }
        return larger;
    }

    private void begin(RequestHead head) throws HttpFailure {
        looked = 0;
        emptyLines = 0;
        headBegun = false;
        served = true;
        bodySize = 0;
        remaining = head.contentLength();
        if (remaining > limits.bodySize()) {
            throw new HttpFailure(413, "Content-Length: more than " + limits.bodySize());
        }
        if (head.hasBody()) {
            pace().begin();
            state = remaining == RequestHead.CHUNKED ? State.CHUNK_SIZE : State.LENGTH;
        }
    }

    private boolean skipEmptyLines(ByteBuf octets) throws HttpFailure {
        while (octets.getByte(octets.readerIndex()) == '\r') {
            if (octets.readableBytes() == 1) {
                return false;
            }
            if (octets.getByte(octets.readerIndex() + 1) != '\n' || ++emptyLines > MAX_EMPTY_LINES) {
                throw new HttpFailure(400, "neither a request line nor an empty line");
            }
            octets.skipBytes(2);
            if (!octets.isReadable()) {
                return false;
            }
        }
        return true;
    }

    /** A peer that sends octet by octet must not make us parse everything anew for each. */
    private boolean isWorthALook(ByteBuf octets) {
        int readable = octets.readableBytes();
        if (looked == 0 || readable - looked >= NEXT_LOOK) {
            return true;
        }
        int from = octets.readerIndex() + looked;
        return octets.indexOf(from, octets.writerIndex(), (byte) '\n') >= 0;
    }

    private HttpEvent.Request length(ByteBuf octets) {
        int size = (int) Math.min(remaining, Math.min(octets.readableBytes(), MAX_PART));
        ByteBuffer part = copy(octets, size);
        remaining -= size;
        if (remaining == 0) {
            state = State.HEAD;
        }
        return new HttpEvent.Request(part, remaining != 0);
    }

    private static ByteBuffer copy(ByteBuf octets, int size) {
        byte[] bytes = new byte[size];
        octets.readBytes(bytes);
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    private HttpEvent.@Nullable Request chunked(ByteBuf octets) throws HttpFailure {
        ChunkParser parser = chunkParser;
        if (parser == null) {
            parser = new ChunkParser(limits);
            chunkParser = parser;
        }
        while (octets.isReadable()) {
            switch (state) {
                case CHUNK_SIZE -> {
                    long size = parser.size(octets);
                    if (size < 0) {
                        return null;
                    }
                    bodySize += size;
                    if (size > limits.bodySize() || bodySize > limits.bodySize()) {
                        throw new HttpFailure(413, "body of more than " + limits.bodySize() + " octets");
                    }
                    remaining = size;
                    state = size == 0 ? State.TRAILERS : State.CHUNK_DATA;
                }
                case CHUNK_DATA -> {
                    int size = (int) Math.min(remaining, Math.min(octets.readableBytes(), MAX_PART));
                    ByteBuffer part = copy(octets, size);
                    remaining -= size;
                    if (remaining == 0) {
                        state = State.CHUNK_END;
                    }
                    return new HttpEvent.Request(part, true);
                }
                case CHUNK_END -> {
                    if (!parser.endOfData(octets)) {
                        return null;
                    }
                    state = State.CHUNK_SIZE;
                }
                case TRAILERS -> {
                    if (!isWorthALook(octets)) {
                        return null;
                    }
                    HttpEvent.Request last = parser.trailers(octets);
                    looked = last == null ? octets.readableBytes() : 0;
                    if (last != null) {
                        parser.reset();
                        state = State.HEAD;
                    }
                    return last;
                }
                default -> throw new IllegalStateException("not in a chunked body: " + state);
            }
        }
        return null;
    }
}
