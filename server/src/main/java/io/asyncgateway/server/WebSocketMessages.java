package io.asyncgateway.server;

import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import org.jspecify.annotations.Nullable;

/**
 * What {@code receive} of a WebSocket reads from: each pull asks the connection for one message. At most one is held here, where the pull that asked for it
 * was cancelled. Confined to its event loop.
 *
 * <p>What a pull gets, the first that applies:
 *
 * <table>
 *   <caption>Answers to a pull</caption>
 *   <tr><td>another pull waits</td><td>{@link ProtocolViolationException}</td></tr>
 *   <tr><td>it is the first</td><td>{@link WebSocketEvent.Connect}</td></tr>
 *   <tr><td>a message is held</td><td>the message</td></tr>
 *   <tr><td>the WebSocket is closed, and no message waits in the connection</td><td>{@link WebSocketEvent.Disconnect}</td></tr>
 *   <tr><td>it was denied</td><td>{@link ExchangeEndedException}</td></tr>
 *   <tr><td>else</td><td>waits for the next message</td></tr>
 * </table>
 */
final class WebSocketMessages extends Receiver {
    private final WebSocketExchange exchange;
    private boolean connected;
    private @Nullable WebSocketMessage held;
    private WebSocketEvent.@Nullable Disconnect disconnect;
    private boolean finished;

    WebSocketMessages(WebSocketExchange exchange) {
        super(exchange.loop);
        this.exchange = exchange;
    }

    @Override
    void pulled() {
        if (!answer()) {
            exchange.demandMessage();
        }
    }

    /** Whether a message that comes now goes to somebody. */
    boolean isWanted() {
        return isWaiting() && held == null;
    }

    void message(WebSocketMessage message) {
        held = message;
        answer();
    }

    /** The WebSocket is closed. */
    void end(WebSocketEvent.Disconnect event) {
        disconnect = event;
    }

    /** Messages are dropped from now on, also the one that is held. */
    void drop() {
        held = null;
        finished = true;
    }

    /** Whether no message will be received any more. */
    boolean isFinished() {
        return finished;
    }

    boolean isEnded() {
        return disconnect != null;
    }

    /** How the WebSocket was closed; once it is. */
    WebSocketEvent.Disconnect ended() {
        WebSocketEvent.Disconnect event = disconnect;
        if (event == null) {
            throw new IllegalStateException("not closed");
        }
        return event;
    }

    /** Something has changed that the pull that waits may be waiting for; false if it goes on waiting. */
    boolean answer() {
        if (!isWaiting()) {
            return true;
        }
        WebSocketMessage message = held;
        WebSocketEvent.Disconnect last = disconnect;
        if (!connected) {
            connected = deliver(WebSocketEvent.Connect.instance());
        } else if (message != null) {
            held = null;
            if (!deliver(new WebSocketEvent.Receive(message))) {
                held = message;
            }
        } else if (last != null && (finished || !exchange.messageWaits())) {
            finished = true;
            deliver(last);
        } else if (exchange.isComplete()) {
            fail(new ExchangeEndedException());
        } else {
            return false;
        }
        return true;
    }
}
