package io.asyncgateway.server;

import io.asyncgateway.api.DeadlineExceededException;
import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.RequestException;
import org.jspecify.annotations.Nullable;

/**
 * What {@code receive} of an HTTP exchange reads from: each pull asks the codec for one part of the body. At most one part is held here, where the pull that asked
 * for it was cancelled. Confined to its event loop.
 *
 * <p>What a pull gets, the first that applies:
 *
 * <table>
 *   <caption>Answers to a pull</caption>
 *   <tr><td>another pull waits</td><td>{@link ProtocolViolationException}</td></tr>
 *   <tr><td>the deadline has passed</td><td>{@link DeadlineExceededException}</td></tr>
 *   <tr><td>the response is complete</td><td>{@link ExchangeEndedException}</td></tr>
 *   <tr><td>the peer is gone</td><td>{@link HttpEvent.Disconnect}</td></tr>
 *   <tr><td>a part is held</td><td>the part</td></tr>
 *   <tr><td>the body is broken</td><td>{@link RequestException}</td></tr>
 *   <tr><td>the body is complete</td><td>waits for the disconnect</td></tr>
 *   <tr><td>else</td><td>waits for the next part</td></tr>
 * </table>
 */
final class RequestBody extends Receiver {
    private final HttpExchange exchange;
    private HttpEvent.@Nullable Request held;
    private @Nullable RequestException failure;
    private boolean asked;
    private boolean delivered;

    RequestBody(HttpExchange exchange) {
        super(exchange.loop);
        this.exchange = exchange;
        if (!exchange.head.hasBody()) {
            held = HttpEvent.Request.empty();
        }
    }

    @Override
    void pulled() {
        answer();
    }

    /** Something has changed that the pull that waits may be waiting for. */
    void answer() {
        if (!isWaiting()) {
            return;
        }
        RequestException broken = failure;
        HttpEvent.Request part = held;
        if (exchange.isExpired()) {
            fail(new DeadlineExceededException());
        } else if (exchange.isComplete()) {
            fail(new ExchangeEndedException());
        } else if (exchange.isGone()) {
            deliver(HttpEvent.Disconnect.instance());
        } else if (part != null) {
            held = null;
            delivered |= !part.more();
            if (!deliver(part)) {
                held = part;
            }
        } else if (broken != null) {
            fail(broken);
        } else if (!delivered && !asked) {
            asked = true;
            exchange.demandBody();
        }
    }

    void part(HttpEvent.Request part) {
        asked = false;
        held = part;
        answer();
    }

    void broken(RequestException cause) {
        asked = false;
        failure = cause;
        answer();
    }
}
