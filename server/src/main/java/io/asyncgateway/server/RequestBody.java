package io.asyncgateway.server;

import io.asyncgateway.api.DeadlineExceededException;
import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.RequestException;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

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
final class RequestBody implements Pull.Source {
    private final HttpExchange exchange;
    private final Mono<ReceiveEvent> events = new Pull.Events(this);
    private @Nullable Pull waiting;
    private HttpEvent.@Nullable Request held;
    private @Nullable RequestException failure;
    private boolean asked;
    private boolean delivered;

    RequestBody(HttpExchange exchange) {
        this.exchange = exchange;
        if (!exchange.head.hasBody()) {
            held = HttpEvent.Request.empty();
        }
    }

    Mono<ReceiveEvent> events() {
        return events;
    }

    @Override
    public EventLoop loop() {
        return exchange.loop;
    }

    @Override
    public void pull(Pull pull) {
        if (waiting != null) {
            pull.fail(new ProtocolViolationException(
                    "receive: a second pull while the first is outstanding (expected: wait for each before the next)"));
            return;
        }
        waiting = pull;
        answer();
    }

    @Override
    public void cancelled(Pull pull) {
        if (waiting == pull) {
            waiting = null;
        }
    }

    /** Something has changed that the pull that waits may be waiting for. */
    void answer() {
        Pull pull = waiting;
        if (pull == null) {
            return;
        }
        RequestException broken = failure;
        HttpEvent.Request part = held;
        if (exchange.isExpired()) {
            fail(pull, new DeadlineExceededException());
        } else if (exchange.isComplete()) {
            fail(pull, new ExchangeEndedException());
        } else if (exchange.isGone()) {
            deliver(pull, HttpEvent.Disconnect.instance());
        } else if (part != null) {
            held = null;
            delivered |= !part.more();
            if (!deliver(pull, part)) {
                held = part;
            }
        } else if (broken != null) {
            fail(pull, broken);
        } else if (!delivered && !asked) {
            asked = true;
            exchange.demandBody();
        }
    }

    private boolean deliver(Pull pull, ReceiveEvent event) {
        waiting = null;
        return pull.deliver(event);
    }

    private void fail(Pull pull, Throwable cause) {
        waiting = null;
        pull.fail(cause);
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
