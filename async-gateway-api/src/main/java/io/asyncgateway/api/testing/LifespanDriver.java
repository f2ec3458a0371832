package io.asyncgateway.api.testing;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.State;

/**
 * Drives an application through the life of a server. Made by {@link ApplicationDriver#lifespan}. Requests see what it puts into its state
 * through {@link #requestState()}.
 */
public final class LifespanDriver extends ApplicationDriver {
    private final LifespanScope scope;

    LifespanDriver(Application application, LifespanScope scope) {
        super(application, scope, SendOrder.STARTING, event -> {});
        this.scope = scope;
    }

    @Override
    void taken(SendEvent event) {}

    /** Gives {@link LifespanEvent.Startup}. */
    public void startup() {
        begin();
        inbox.give(new LifespanEvent.Startup());
    }

    /**
     * Gives {@link LifespanEvent.Shutdown}.
     *
     * @throws IllegalStateException if the application has not started
     */
    public void shutdown() {
        begin();
        SendOrder order = outbox.order();
        if (order != SendOrder.SERVING) {
            throw new IllegalStateException("shutdown: the application is in state " + order + " (expected: SERVING)");
        }
        outbox.order(SendOrder.STOPPING);
        inbox.give(new LifespanEvent.Shutdown());
        inbox.failWith(ExchangeEndedException::new);
    }

    /**
     * A layer for one request above the state of this lifespan.
     *
     * @return a new layer
     */
    public State requestState() {
        return scope.state().layer();
    }
}
