package io.asyncgateway.api.testing;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.DeadlineExceededException;
import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.RequestScope;
import io.asyncgateway.api.RequestScopeBuilder;
import io.asyncgateway.api.SendEvent;
import java.util.function.Consumer;
import reactor.core.publisher.Sinks;

/** What the drivers of both kinds of request have in common: the signals of {@link io.asyncgateway.api.RequestScope}. */
public abstract sealed class RequestDriver extends ApplicationDriver permits HttpDriver, WebSocketDriver {
    private final Signals signals;
    private volatile boolean gone;

    RequestDriver(
            Application application, RequestScope scope, Signals signals, SendOrder order, Consumer<SendEvent> rules) {
        super(application, scope, order, rules);
        this.signals = signals;
    }

    /** The peer is gone: sends fail, pulls are told, and then the signal fires. Nothing of it where the exchange has ended in order. */
    final void disconnect(Runnable tellPulls) {
        begin();
        SendOrder order = outbox.order();
        if (order == SendOrder.COMPLETE || order == SendOrder.CLOSED) {
            return;
        }
        gone = true;
        outbox.failWith(DisconnectedException::new);
        tellPulls.run();
        signals.disconnected.tryEmitEmpty();
    }

    @Override
    final boolean isDisconnected() {
        return gone;
    }

    /** Fires {@link io.asyncgateway.api.RequestScope#draining()}: the server begins to shut down. */
    public final void drain() {
        begin();
        signals.draining.tryEmitEmpty();
    }

    /** The deadline of a request passes, but not where the exchange has ended in order. */
    final void expire() {
        begin();
        if (outbox.order() == SendOrder.COMPLETE) {
            return;
        }
        outbox.failWith(DeadlineExceededException::new);
        inbox.abortWith(DeadlineExceededException::new);
        signals.deadline.tryEmitEmpty();
        cancel();
    }

    /** What the driver fires. Made before the scope, which is made before the driver. */
    static final class Signals {
        private final Sinks.Empty<Void> disconnected = Sinks.empty();
        private final Sinks.Empty<Void> draining = Sinks.empty();
        private final Sinks.Empty<Void> deadline = Sinks.empty();

        <B extends RequestScopeBuilder<B>> B in(B scope) {
            return scope.disconnected(disconnected.asMono())
                    .draining(draining.asMono())
                    .deadline(deadline.asMono());
        }
    }
}
