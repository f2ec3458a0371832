package io.asyncgateway.server;

import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.ReceiveEvent;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The one pull of {@code receive} that may be outstanding, whatever the protocol; what answers it is the subclass's. Confined to its event loop. */
abstract class Receiver implements Pull.Source {
    private final EventLoop loop;
    private final Mono<ReceiveEvent> events = new Pull.Events(this);
    private @Nullable Pull waiting;

    Receiver(EventLoop loop) {
        this.loop = loop;
    }

    /** A pull has come: it is to be answered, or asked for. */
    abstract void pulled();

    Mono<ReceiveEvent> events() {
        return events;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void pull(Pull pull) {
        if (waiting != null && !waiting.isOver()) {
            pull.fail(new ProtocolViolationException(
                    "receive: a second pull while the first is outstanding (expected: wait for each before the next)"));
            return;
        }
        waiting = pull;
        pulled();
    }

    @Override
    public void cancelled(Pull pull) {
        if (waiting == pull) {
            waiting = null;
        }
    }

    boolean isWaiting() {
        return waiting != null;
    }

    /** Answers the pull that waits; {@code false} if it was cancelled meanwhile, so that the event is another's. */
    boolean deliver(ReceiveEvent event) {
        Pull pull = waiting;
        waiting = null;
        return pull != null && pull.deliver(event);
    }

    void fail(Throwable cause) {
        Pull pull = waiting;
        waiting = null;
        if (pull != null) {
            pull.fail(cause);
        }
    }
}
