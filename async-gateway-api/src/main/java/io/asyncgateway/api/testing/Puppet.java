package io.asyncgateway.api.testing;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.UnsupportedScopeException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import reactor.core.publisher.Mono;

/** An application that does nothing by itself: each call of it becomes an {@link Actor} for the test. */
final class Puppet implements Application {
    private final boolean lifespan;
    private final Mailbox<Actor> requests = new Mailbox<>();
    private final Mailbox<Actor> lifespans = new Mailbox<>();
    private final Queue<Actor> all = new ConcurrentLinkedQueue<>();

    Puppet(boolean lifespan) {
        this.lifespan = lifespan;
    }

    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        if (scope instanceof LifespanScope && !lifespan) {
            return Mono.error(new UnsupportedScopeException(scope));
        }
        return Mono.defer(() -> {
            Actor actor = new Actor(scope, receive, send);
            all.add(actor);
            (scope instanceof LifespanScope ? lifespans : requests).put(actor);
            return actor.result();
        });
    }

    Actor nextRequest() {
        return requests.take("a call of the application for a request");
    }

    Actor nextLifespan() {
        return lifespans.take("a call of the application for its lifespan");
    }

    boolean hasRequests() {
        return !requests.isEmpty();
    }

    /** Lets every call end, so that the server can stop; as if for the peer that is gone, so that nobody logs an error. */
    void release() {
        all.forEach(actor -> {
            if (actor.scope instanceof LifespanScope) {
                actor.complete();
            } else {
                actor.fail(new DisconnectedException());
            }
        });
    }
}
