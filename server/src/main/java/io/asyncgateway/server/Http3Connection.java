package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asyncgateway.api.HttpVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of HTTP/3: its life from the handshake of QUIC to the last GOAWAY, and what its streams share. What frames mean is decided by {@link Http3RequestDecoder} and
 * {@link Http3ControlStream}. Confined to its event loop.
 *
 * <pre>
 *   state       on                                next         on the wire
 *   HANDSHAKE   complete                          OPEN         control stream, SETTINGS
 *   HANDSHAKE   time, drain                       CLOSED       CONNECTION_CLOSE
 *   OPEN        drain                             ANNOUNCED    GOAWAY with the largest stream there can be
 *   ANNOUNCED   grace passes                      LAST         GOAWAY with the first stream that is not taken
 *   OPEN        idle                              LAST         the same
 *   LAST        no stream is left                 LINGERING
 *   LINGERING   time for what was sent to arrive  CLOSED       CONNECTION_CLOSE with H3_NO_ERROR
 *   any         broken rule, flood, force         CLOSED       CONNECTION_CLOSE with the error
 * </pre>
 */
final class Http3Connection extends ChannelInboundHandlerAdapter {
    private enum State {
        HANDSHAKE,
        OPEN,
        ANNOUNCED,
        LAST,
        LINGERING,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Http3Connection.class);

    private static final int CONTROL = 0x00;

    /** RFC 9204 section 5 and RFC 9114 section 7.2.4.1; of the dynamic table of QPACK there is none, as if nothing was said. */
    private static final int MAX_FIELD_SECTION_SIZE = 0x06;

    /** The largest stream of a client (RFC 9000 section 2.1). */
    private static final long LARGEST_STREAM = VarInt.LARGEST - 3;

    private static final int NEXT_STREAM = 4;

    /** The transport keeps a little of each stream that did not come to its end, as long as the connection lasts; at twice as many it ends at once. */
    private static final int MOST_ABANDONED = 500;

    /** How many round trips an answer may need to arrive, one loss included. */
    private static final int ROUND_TRIPS = 4;

    private static final Duration LEAST_LINGER = Duration.ofMillis(50);

    final ServerContext context;
    final RequestSectionParser parser;
    final Http3HeadEncoder heads;
    final Http3FloodGuard guard;
    final Http3ResetStreams resets;

    private final Http3Options options;
    private final Runnable established;
    private final QpackDecoder qpack = new QpackDecoder();
    private final FieldSection section;
    private final Set<Http3Stream> open = new LinkedHashSet<>();
    private final LazyTimer life;
    private final QuicChannel channel;

    private State state = State.HANDSHAKE;
    private @Nullable Addresses addresses;
    private final Http3LocalStream control = new Http3LocalStream(this);
    private long nextStream;
    private int abandoned;
    private int peerStreams;
    private boolean told;

    /**
     * A connection whose handshake has begun.
     *
     * @param established called once, when the handshake is over, one way or the other
     */
    Http3Connection(ServerContext context, QuicChannel channel, Runnable established) {
        EventLoop loop = channel.eventLoop();
        this.context = context;
        this.channel = channel;
        this.established = established;
        this.options = context.config.http3();
        this.parser = new RequestSectionParser(HttpVersion.HTTP_3, context.config.limits(), true);
        this.heads = new Http3HeadEncoder(context.config.http(), context.clock, context.alternative);
        this.guard = new Http3FloodGuard(options, loop.ticker());
        this.section = context.section(loop);
        this.resets = new Http3ResetStreams(loop, context.config.timeouts().linger());
        this.life = new LazyTimer(loop, this::lifeTimedOut);
    }

    Http3RequestDecoder decoder(Http3RequestDecoder.Message request) {
        return new Http3RequestDecoder(
                request, guard, qpack, section, context.config.limits().headerSection());
    }

    /** Who is at the ends; known when the handshake is over. */
    Addresses addresses() {
        Addresses known = addresses;
        if (known == null) {
            known = Addresses.of(
                    channel.remoteSocketAddress(),
                    channel.localSocketAddress(),
                    TlsConnection.of(channel, channel.sslEngine()),
                    context.forwarding);
            addresses = known;
        }
        return known;
    }

    // ------------------------------------------------------------------------------------------------ beginning

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        Tls tls = context.config.tls();
        if (tls != null) {
            life.set(tls.handshakeTimeout().toNanos());
        }
        if (channel.isActive()) {
            begin();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin();
    }

    private void begin() {
        if (state != State.HANDSHAKE) {
            return;
        }
        state = State.OPEN;
        handshakeOver();
        channel.createStream(QuicStreamType.UNIDIRECTIONAL, control).addListener(created -> {
            if (created.isSuccess()) {
                settings();
            } else {
                fail(Http3Failure.ofConnection(
                        Http3Error.H3_GENERAL_PROTOCOL_ERROR, "no unidirectional stream is allowed"));
            }
        });
        idle();
        if (context.draining.isFired()) {
            drain(); // else it will be told
        }
    }

    private void handshakeOver() {
        if (!told) {
            told = true;
            established.run();
        }
    }

    private void settings() {
        long size = context.config.limits().headerSection();
        int length = VarInt.size(MAX_FIELD_SECTION_SIZE) + VarInt.size(size) + 2;
        ByteBuf octets = channel.alloc().directBuffer();
        VarInt.write(octets, CONTROL);
        VarInt.write(octets, Http3FrameDecoder.SETTINGS);
        VarInt.write(octets, length);
        VarInt.write(octets, MAX_FIELD_SECTION_SIZE);
        VarInt.write(octets, size);
        VarInt.write(octets, Http3ControlStream.ENABLE_CONNECT_PROTOCOL);
        VarInt.write(octets, 1);
        control.write(octets);
    }

    // ------------------------------------------------------------------------------------------------ streams

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        QuicStreamChannel stream = (QuicStreamChannel) message;
        stream.config().setReadFrames(true); // which tells the last octets as such; as an option it would warn
        if (stream.type() == QuicStreamType.UNIDIRECTIONAL) {
            stream.pipeline().addLast("peer", new Http3PeerStream(this));
            count(Http3FloodGuard.Kind.STREAM);
        } else if (state == State.OPEN || state == State.ANNOUNCED || stream.streamId() < nextStream) {
            nextStream = Math.max(nextStream, stream.streamId() + NEXT_STREAM);
            stream.pipeline().addLast("request", new Http3StreamHandler(this));
        } else {
            stream.pipeline().addLast("rejected", new Http3RejectedStream(this));
        }
        ctx.fireChannelRead(message); // which registers it
    }

    /** A request begins. */
    void opened(Http3Stream stream) {
        open.add(stream);
        life(State.OPEN, null);
    }

    /** Both sides have said everything, or the stream was reset. */
    void closed(Http3Stream stream) {
        if (open.remove(stream) && open.isEmpty()) {
            emptied();
        }
    }

    private void emptied() {
        if (state == State.LAST) {
            linger();
        } else {
            idle();
        }
    }

    private void idle() {
        if (open.isEmpty()) {
            life(State.OPEN, options.idleTimeout());
        }
    }

    private void life(State in, @Nullable Duration limit) {
        if (state != in) {
            return;
        }
        if (limit == null) {
            life.clear();
        } else {
            life.set(limit.toNanos());
        }
    }

    /** A stream did not come to its end. */
    void abandoned() {
        abandoned++;
        if (abandoned == MOST_ABANDONED) {
            drain();
        } else if (abandoned == 2 * MOST_ABANDONED) {
            fail(Http3Failure.ofConnection(Http3Error.H3_EXCESSIVE_LOAD, "streams that did not come to their end"));
        }
    }

    /** A stream of the peer has told its type, of which there may be one. */
    void only(int type) throws Http3Failure {
        int bit = 1 << type;
        if ((peerStreams & bit) != 0) {
            throw Http3Failure.ofConnection(Http3Error.H3_STREAM_CREATION_ERROR, "a second stream of type " + type);
        }
        peerStreams |= bit;
    }

    /** Counts what is not to come without end. */
    void count(Http3FloodGuard.Kind kind) {
        try {
            guard.count(kind);
        } catch (Http3Failure flood) {
            fail(flood);
        }
    }

    // ------------------------------------------------------------------------------------------------ the end

    /** The connection is to end when its streams have. */
    void drain() {
        if (state == State.HANDSHAKE) {
            close(Http3Error.H3_NO_ERROR, "");
        } else if (state == State.OPEN) {
            state = State.ANNOUNCED;
            goAway(LARGEST_STREAM);
            life.set(options.goAwayGrace().toNanos());
            new ArrayList<>(open).forEach(stream -> stream.tell(ServerEvent.DRAIN));
        }
    }

    private void goAway(long stream) {
        ByteBuf octets = channel.alloc().directBuffer();
        VarInt.write(octets, Http3FrameDecoder.GOAWAY);
        VarInt.write(octets, VarInt.size(stream));
        VarInt.write(octets, stream);
        control.write(octets);
    }

    private void lifeTimedOut() {
        if (state == State.HANDSHAKE || state == State.LINGERING) {
            close(Http3Error.H3_NO_ERROR, "");
        } else if (state == State.OPEN || state == State.ANNOUNCED) {
            leave();
        }
    }

    /** Takes no more streams. */
    private void leave() {
        state = State.LAST;
        life.clear();
        goAway(nextStream);
        if (open.isEmpty()) {
            linger();
        }
    }

    /** The close of QUIC would overtake what is still on its way. */
    private void linger() {
        state = State.LINGERING;
        QuicConnectionPathStats path = channel.collectPathStats(0).getNow();
        long wait = path == null ? 0 : ROUND_TRIPS * path.rtt();
        long most = context.config.timeouts().linger().toNanos();
        life.set(Math.min(most, Math.max(LEAST_LINGER.toNanos(), wait)));
    }

    /** The peer broke a rule of the connection, or a limit. */
    void fail(Http3Failure failure) {
        LOG.debug("{} ended with {}: {}", channel, failure.error(), failure.getMessage());
        close(failure.error(), String.valueOf(failure.getMessage()));
    }

    /** With words for whoever looks at the wire. */
    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    private void close(Http3Error error, String words) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            channel.close(true, error.code(), Unpooled.copiedBuffer(words, US_ASCII));
        }
    }

    private void force() {
        for (Http3Stream stream : new ArrayList<>(open)) {
            if (!stream.tell(ServerEvent.FORCE)) {
                stream.cancelApplication();
            }
        }
        close(Http3Error.H3_NO_ERROR, "");
    }

    // ----------------------------------------------------------------------------------------------- what else happens

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SniCompletionEvent name) {
            channel.attr(TlsConnection.SERVER_NAME).set(name.hostname());
        } else if (event == ServerEvent.DRAIN) {
            drain();
        } else if (event == ServerEvent.FORCE) {
            force();
        } else {
            ReferenceCountUtil.release(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        handshakeOver();
        state = State.CLOSED;
        life.close();
        resets.close();
    }

    /** What QUIC itself reports is the peer's or the network's. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{} connection failed", channel, cause);
    }
}
