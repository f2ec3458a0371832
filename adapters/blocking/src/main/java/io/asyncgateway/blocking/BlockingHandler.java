package io.asyncgateway.blocking;

import io.asyncgateway.api.HttpApplication;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.LifespanApplication;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Send;
import java.util.concurrent.Callable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** A blocking application behind the contract. */
record BlockingHandler(BlockingApplication application, WorkerPool pool, BlockingOptions options)
        implements HttpApplication {
    @Override
    public Mono<Void> handle(HttpScope scope, Receive receive, Send send) {
        return new Exchanges(this, scope, receive, send);
    }

    LifespanApplication lifespan() {
        return LifespanApplication.of(this::start, scope -> stop());
    }

    private Mono<Void> start(LifespanScope scope) {
        return Mono.defer(() -> {
            pool.retain();
            Callable<Void> start = () -> {
                application.start(scope.settings());
                return null;
            };
            // No deadline but the server's own.
            return CallTask.mono(pool, start, false)
                    .doFinally(this::releaseIfCancelled)
                    .onErrorResume(failure -> pool.release().then(Mono.error(failure)));
        });
    }

    private Mono<Void> stop() {
        return CloseCall.mono(application, pool)
                .doFinally(this::releaseIfCancelled)
                .onErrorResume(failure -> pool.release().then(Mono.error(failure)))
                .then(pool.release());
    }

    /** The server does not wait for it any more, and would not wait for what comes after. */
    private void releaseIfCancelled(SignalType end) {
        if (end == SignalType.CANCEL) {
            pool.release().subscribe();
        }
    }

    /** Each subscription is a call, as everywhere in Reactor; a server makes one. */
    private static final class Exchanges extends Mono<Void> {
        private final BlockingHandler handler;
        private final HttpScope scope;
        private final Receive receive;
        private final Send send;

        Exchanges(BlockingHandler handler, HttpScope scope, Receive receive, Send send) {
            this.handler = handler;
            this.scope = scope;
            this.receive = receive;
            this.send = send;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Void> actual) {
            new BlockingExchange(handler, scope, receive, send, actual).start(handler.pool);
        }
    }
}
