package io.asyncgateway.server;

import io.asyncgateway.api.WebSocketMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes in on one WebSocket, and whether anything does ({@link WebSocketHeartbeat}). Messages are decoded when the application asks for one. What comes ahead of it waits, up to the inbound window, and then the
 * socket is not read; control frames are handled as long as no message stands before them. Confined to its event loop.
 *
 * <p>It is the owner's state that says how much is wanted:
 *
 * <pre>
 *   owner         decodes                                                       reads
 *   between       everything                                                    up to the inbound window, and what a message needs
 *   isClosing()   nothing                                                       up to the inbound window
 *   isDown()      what came before, as long as the application may receive it   always, to throw it away, up to some frames
 *   isClosed()    the same                                                      nothing
 * </pre>
 */
final class WebSocketInput implements WebSocketHeartbeat.Peer {
    /** The connection. */
    interface Owner {
        /** Whether a close frame waits to be written. What it leads to comes before what the peer says meanwhile. */
        boolean isClosing();

        /** Whether what comes from now on is thrown away. What came before may still be received. */
        boolean isDown();

        boolean isClosed();

        void peerPings(byte[] payload);

        /** Nothing that follows has a meaning. */
        void peerCloses(int code, String reason);

        /** The peer broke a rule or a limit, or is given up. */
        void fail(int code, String reason);

        /** The peer goes on for longer than it takes to see that this is over. */
        void endless();
    }

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketInput.class);

    private static final Duration PINGS_WITHIN = Duration.ofSeconds(10);

    /** Octets that wait in a buffer of more than so many times their size are moved to one of their own, unless it is small. */
    private static final int WASTE = 4;

    private static final int SMALL = 512;

    /** What a peer may be in the middle of, among it a frame that is too large, so that it gets to read why. */
    private static final long FRAMES_UNWANTED = 4;

    private static final long LEAST_UNWANTED = 1024 * 1024;

    private final ChannelHandlerContext ctx;
    private final WebSocketExchange exchange;
    private final @Nullable PerMessageDeflateSession deflate;
    private final WebSocketDecoder decoder;
    private final WebSocketOutput output;
    private final WebSocketHeartbeat heartbeat;
    private final Owner owner;
    private final int window;
    private final long maxUnwanted;
    private final int maxPings;

    private @Nullable ByteBuf input;
    private boolean starved = true;
    private boolean decoding;
    private boolean reading;
    private boolean ended;
    private long unwanted;
    private int pings;
    private long pingsUntil;

    /** @param deflate what was agreed on, which is closed when nothing more will be decoded */
    WebSocketInput(
            ChannelHandlerContext ctx,
            WebSocketExchange exchange,
            @Nullable PerMessageDeflateSession deflate,
            int maxMessageSize,
            WebSocketOutput output,
            Owner owner) {
        ServerConfig config = exchange.context.config;
        this.ctx = ctx;
        this.exchange = exchange;
        this.deflate = deflate;
        this.decoder = new WebSocketDecoder(
                config.webSocket().maxFrameSize(), maxMessageSize, deflate == null ? null : deflate.reader());
        this.output = output;
        this.heartbeat = new WebSocketHeartbeat(ctx.channel().eventLoop(), config.webSocket(), this);
        this.owner = owner;
        this.window = config.limits().inboundWindow();
        this.maxUnwanted =
                Math.max(LEAST_UNWANTED, FRAMES_UNWANTED * config.webSocket().maxFrameSize());
        this.maxPings = config.webSocket().pings();
    }

    /**
     * Begins to listen.
     *
     * @param octets what came before there was this; taken over, and not looked at yet
     */
    void begin(@Nullable ByteBuf octets) {
        input = octets;
        heartbeat.start();
    }

    /** Octets have come; taken over. */
    void received(ByteBuf more) {
        heartbeat.heard();
        exchange.heard();
        if (owner.isDown()) {
            unwanted += more.readableBytes();
            more.release();
            if (unwanted > maxUnwanted && !owner.isClosed()) {
                owner.endless();
            }
            return;
        }
        ByteBuf before = input;
        input = before == null ? more : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, more);
        process();
    }

    void readComplete() {
        reading = false;
        shrink();
        readAhead();
    }

    /** Goes on with what has come, where more of it may be wanted than before. */
    void proceed() {
        process();
        readAhead();
    }

    /** The peer sends no more. */
    void end() {
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether a message has come that is not decoded yet. */
    boolean messageWaits() {
        return !starved;
    }

    // ------------------------------------------------------------------------------------------------ decoding

    private boolean mayDecode() {
        return owner.isDown() ? !starved && !exchange.dropsMessages() : !owner.isClosing();
    }

    /** Handles what has come as far as it is wanted. */
    void process() {
        if (decoding) {
            return;
        }
        decoding = true;
        try {
            while (mayDecode() && step()) {
                // one event each
            }
        } catch (WebSocketProtocolException broken) {
            starved = true;
            owner.fail(broken.code(), broken.reason());
        } finally {
            decoding = false;
        }
        ByteBuf octets = input;
        if (octets != null && !octets.isReadable()) {
            releaseOctets();
        }
        if (starved) {
            exchange.wakeReceiver();
        }
        releaseUnwanted();
    }

    /** Handles one event; false if there is none, or none that is wanted now. */
    private boolean step() throws WebSocketProtocolException {
        ByteBuf octets = input;
        boolean drops = exchange.dropsMessages();
        WebSocketDecoder.Result result = octets == null
                ? WebSocketDecoder.Result.NEED_MORE
                : decoder.decode(octets, drops || exchange.wantsMessage());
        starved = result == WebSocketDecoder.Result.NEED_MORE;
        switch (result) {
            case MESSAGE -> {
                WebSocketMessage message = decoder.takeMessage();
                if (!drops) {
                    exchange.message(message);
                }
            }
            case PING -> {
                countPing();
                owner.peerPings(decoder.pingPayload());
            }
            case PONG -> {}
            case CLOSE -> {
                starved = true;
                owner.peerCloses(decoder.closeCode(), decoder.closeReason());
            }
            case NEED_MORE, MESSAGE_WAITS -> {
                return false;
            }
        }
        return true;
    }

    /** They are cheap for the peer and bring nothing, and each wants an answer. */
    private void countPing() throws WebSocketProtocolException {
        long now = ctx.channel().eventLoop().ticker().nanoTime();
        if (pings == 0 || now - pingsUntil >= 0) {
            pingsUntil = now + PINGS_WITHIN.toNanos();
            pings = 0;
        }
        if (++pings > maxPings) {
            throw new WebSocketProtocolException(
                    WebSocketCloseCodes.POLICY_VIOLATION,
                    "more than " + maxPings + " pings in " + PINGS_WITHIN.toSeconds() + " s");
        }
    }

    // ------------------------------------------------------------------------------------------------ reading

    void readAhead() {
        if (reading || ended || owner.isClosed()) {
            return;
        }
        boolean asked = owner.isDown() || starved && mayDecode();
        if (asked || buffered() < window) {
            reading = true;
            heartbeat.resumed();
            ctx.read();
        }
    }

    private int buffered() {
        ByteBuf octets = input;
        return octets == null ? 0 : octets.readableBytes();
    }

    private void shrink() {
        ByteBuf octets = input;
        if (octets != null && octets.capacity() > SMALL && octets.capacity() > WASTE * octets.readableBytes()) {
            input = ctx.alloc().buffer(octets.readableBytes()).writeBytes(octets);
            octets.release();
        }
    }

    // ------------------------------------------------------------------------------------------------ keep-alive

    @Override
    public void ping() {
        output.ping();
    }

    @Override
    public boolean isHeard() {
        return reading;
    }

    @Override
    public void giveUp() {
        LOG.debug("{} ping not answered", ctx.channel());
        owner.fail(WebSocketCloseCodes.INTERNAL_ERROR, "ping not answered");
    }

    /** Whether the peer is still there does not matter any more. */
    void stopPinging() {
        heartbeat.stop();
    }

    // ------------------------------------------------------------------------------------------------ giving back

    /** Gives back what decoding needs, once nobody wants what has come. */
    void releaseUnwanted() {
        if (owner.isDown() && !decoding && (starved || exchange.dropsMessages())) {
            starved = true;
            releaseOctets();
            decoder.release();
            if (deflate != null) {
                deflate.close();
            }
        }
    }

    private void releaseOctets() {
        ByteBuf octets = input;
        if (octets != null) {
            input = null;
            octets.release();
        }
    }
}
