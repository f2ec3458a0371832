package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one connection of HTTP/1: takes messages from the codec, one exchange at a time, and decides after each whether the connection goes on.
 * {@link ProtocolSwitch} gives it away, {@link Http1TearDown} is how it ends. Confined to its event loop.
 *
 * <pre>
 *   state      on                                     next
 *   WAITING    request                                EXCHANGE
 *   WAITING    end of input, idle, drain              CLOSING
 *   WAITING    preface of HTTP/2                      UPGRADED
 *   EXCHANGE   protocol switched                      UPGRADED (its handler is removed)
 *   EXCHANGE   ended, body read, may go on            WAITING
 *   EXCHANGE   ended, body unread, may go on          DRAINING
 *   EXCHANGE   ended, may not go on                   LINGERING (CLOSING, where the peer has said that it sends no more)
 *   EXCHANGE   aborted                                CLOSING (CLOSED by a reset, where that could be taken for the end of the body)
 *   EXCHANGE   end of input within the request        CLOSED
 *   DRAINING   last part of the body                  WAITING (CLOSING, while the server drains)
 *   DRAINING   more than the bound, broken            LINGERING
 *   DRAINING   end of input                           CLOSING
 *   WAITING    malformed request                      LINGERING (after its status)
 *   EXCHANGE   malformed body                         EXCHANGE, which may not go on
 *   LINGERING  end of input                           CLOSING
 *   LINGERING  everything is flushed, and time        CLOSED
 *   CLOSING    everything is flushed                  CLOSED
 *   any        peer takes nothing, shutdown by force  CLOSED (by a reset)
 *   any        channel inactive                       CLOSED
 * </pre>
 */
final class Http1Life extends Http1Stream implements ConnectionHandler.Life, Http1TearDown.Owner {
    private enum State {
        WAITING,
        EXCHANGE,
        DRAINING,
        LINGERING,
        CLOSING,
        UPGRADED,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Http1Life.class);

    private final Http1TearDown tearDown;

    private State state = State.WAITING;
    private boolean draining;
    private boolean halfClosed;
    private boolean nextIsHeld;
    private int drained;

    Http1Life(ServerContext context, ChannelHandlerContext ctx) {
        super(context, ctx);
        tearDown = new Http1TearDown(context.config, ctx, output, this);
        draining = context.draining.isFired(); // else it will be told
    }

    // --------------------------------------------------------------------------------------- what comes from the codec

    /** Whether what still comes is thrown away. */
    boolean isLingering() {
        return state == State.LINGERING;
    }

    void begin(RequestHead head) {
        state = State.EXCHANGE;
        drained = 0;
        if (halfClosed) {
            tearDown.watchHalfClosed();
        }
        if (head.upgrade() && upgradesToHttp2(head)) {
            return;
        }
        writer.begin(head);
        Dispatcher.dispatch(this, head, context);
    }

    void bodyPart(HttpEvent.Request part) {
        HttpExchange exchange = current;
        if (state == State.EXCHANGE && exchange != null) {
            exchange.bodyPart(part);
        } else if (state == State.DRAINING) {
            drained += part.body().remaining();
            if (!part.more()) {
                next();
            } else if (drained > context.config.limits().unreadBody()) {
                linger();
            } else {
                demand();
            }
        }
    }

    void malformed(HttpFailure failure) {
        LOG.debug("{} request refused with {}: {}", ctx.channel(), failure.status(), failure.getMessage());
        HttpExchange exchange = current;
        if (state == State.EXCHANGE && exchange != null) {
            exchange.bodyBroken(failure);
        } else {
            if (state == State.WAITING) {
                writer.refuse(PlainResponse.of(failure.status()));
            }
            linger();
        }
    }

    void inputEvent(InputEvent event) {
        switch (event) {
            case HALF_CLOSED -> {
                halfClosed = true;
                if (state == State.LINGERING) {
                    closeAfterFlush();
                } else if (state == State.EXCHANGE) {
                    tearDown.watchHalfClosed();
                }
            }
            case HTTP_2 -> {} // comes as a message
            case END, IDLE -> {
                if (state == State.WAITING || state == State.LINGERING) {
                    closeAfterFlush();
                }
            }
            case TRUNCATED -> {
                if (state == State.EXCHANGE) {
                    failed();
                } else if (state == State.DRAINING) {
                    closeAfterFlush(); // the request was answered before its end
                }
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ another protocol

    @Override
    public void openWebSocket(
            WebSocketHandshake.Valid handshake, Headers agreed, Headers headers, WebSocketConnection successor) {
        writer.switching(ProtocolSwitch.answer(handshake, agreed), headers);
        leave();
        ProtocolSwitch.toWebSocket(ctx, successor, halfClosed, draining);
    }

    /** Only without TLS, which has a way of its own (RFC 7540 section 3.3). */
    private boolean upgradesToHttp2(RequestHead head) {
        if (!context.config.http2().enabled() || addresses().tls() != null || halfClosed || draining) {
            return false;
        }
        Http2Upgrade upgrade = Http2Upgrade.of(head);
        if (upgrade == null) {
            return false;
        }
        writer.switching(Http2Upgrade.SWITCHING, Headers.empty());
        becomeHttp2(upgrade);
        return true;
    }

    /** @param upgrade the request that asked for it; null where the peer has begun without asking */
    void becomeHttp2(@Nullable Http2Upgrade upgrade) {
        leave();
        ProtocolSwitch.toHttp2(ctx, context, upgrade);
    }

    private void leave() {
        state = State.UPGRADED;
        current = null;
        flush();
    }

    // ------------------------------------------------------------------------------------ what comes from the exchange

    @Override
    public boolean isClosing() {
        return draining;
    }

    @Override
    public void watchStall() {
        tearDown.watchStall();
    }

    @Override
    public void exchangeEnded(HttpExchange exchange, boolean goesOn) {
        if (current != exchange || state != State.EXCHANGE) {
            return;
        }
        if (!exchange.isBodyComplete() && goesOn) {
            current = null;
            state = State.DRAINING;
            output.flushIfIdle();
            demand();
        } else if (goesOn && !draining) {
            output.flushIfIdle();
            next();
        } else if (exchange.isBodyComplete() && !exchange.head.keepAlive()) {
            // The peer said that it sends no more, so there is nothing that could reset the connection before it has
            // read the response.
            closeAfterFlush();
        } else {
            linger();
        }
    }

    private void next() {
        current = null;
        if (draining) {
            closeAfterFlush();
            return;
        }
        state = State.WAITING;
        demandNext();
    }

    /** A peer that pipelines and does not read its answers gets no further request answered: the outbound window is for all of them. */
    private void demandNext() {
        if (!isWritable()) {
            flush();
        }
        nextIsHeld = !isWritable();
        if (!nextIsHeld) {
            demand();
        }
    }

    /** By a reset where a mere end could be taken for the end of the body. */
    @Override
    public void abort(boolean sendingFile) {
        if (writer.isCloseDelimited() || sendingFile) { // a file would go on to its end
            reset();
        } else {
            closeAfterFlush();
        }
    }

    // ------------------------------------------------------------------------------------------------ the end

    private void closeAfterFlush() {
        state = State.CLOSING;
        current = null;
        tearDown.closeAfterFlush();
    }

    private void linger() {
        state = State.LINGERING;
        current = null;
        tearDown.flush();
        demand();
    }

    @Override
    public void flushed() {
        if (state == State.LINGERING) {
            tearDown.linger(halfClosed);
        }
    }

    @Override
    public void close() {
        state = State.CLOSED;
        tearDown.close();
    }

    private void reset() {
        state = State.CLOSED;
        tearDown.reset();
    }

    @Override
    public void stalled() {
        peerGone();
        reset();
    }

    @Override
    public void silent() {
        if (state == State.EXCHANGE) {
            failed();
        }
    }

    @Override
    public void writabilityChanged() {
        if (!isWritable()) {
            watchStall();
            return;
        }
        if (state != State.CLOSING && state != State.LINGERING) {
            tearDown.peerTakes();
        }
        HttpExchange exchange = current;
        if (exchange != null) {
            exchange.writable();
        } else if (state == State.WAITING && nextIsHeld) {
            demandNext();
        }
    }

    void serverEvent(ServerEvent event) {
        if (event == ServerEvent.DRAIN) {
            draining = true;
            if (state == State.WAITING && nextIsHeld) {
                closeAfterFlush();
            }
        } else if (state != State.CLOSED) {
            HttpExchange exchange = current;
            peerGone();
            if (exchange != null) {
                exchange.cancelApplication(); // by force, without the grace period
            }
            reset();
        }
    }

    @Override
    public void failed() {
        peerGone();
        close();
    }

    @Override
    public void closed() {
        state = State.CLOSED;
        removed();
        peerGone();
    }

    @Override
    public void removed() {
        tearDown.release();
        output.discard();
    }
}
