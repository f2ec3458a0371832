package io.asyncgateway.api.testing;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.DeadlineExceededException;
import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.ReceiveEvent;
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

    /** The peer is gone: pulls end with the event, sends fail, and then the signal fires. */
    final void disconnect(ReceiveEvent event) {
        begin();
        gone = true;
        outbox.failWith(DisconnectedException::new);
        inbox.endWith(event);
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

    /**
     * Passes the deadline: fires {@link io.asyncgateway.api.RequestScope#deadline()}, lets {@code receive} and {@code send} fail with
     * {@link DeadlineExceededException}, and cancels the application where it still runs.
     */
    public final void passDeadline() {
        begin();
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
