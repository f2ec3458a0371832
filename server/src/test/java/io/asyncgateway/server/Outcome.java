package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** What became of a receive or send: {@code Outcome.of(send.send(event)).isComplete()}. Its ends are counted, since a second one would be a bug. */
final class Outcome<T> extends BaseSubscriber<T> {
    private volatile T value;
    private volatile Throwable failure;
    private volatile int ends;

    private Outcome() {}

    static <T> Outcome<T> of(Mono<T> mono) {
        Outcome<T> outcome = new Outcome<>();
        mono.subscribe(outcome);
        return outcome;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    protected void hookOnNext(T next) {
        value = next;
    }

    @Override
    protected void hookOnComplete() {
        ended();
    }

    @Override
    protected void hookOnError(Throwable cause) {
        failure = cause;
        ended();
    }

    private synchronized void ended() {
        ends++;
    }

    boolean isPending() {
        assertThat(ends).as("ends").isLessThanOrEqualTo(1);
        return ends == 0;
    }

    boolean isComplete() {
        return !isPending() && failure == null;
    }

    /** The value; fails where there is none (yet). */
    T value() {
        assertThat(failure).isNull();
        assertThat(isComplete()).as("complete").isTrue();
        return value;
    }

    /** The failure; fails where there is none (yet). */
    Throwable failure() {
        assertThat(isPending()).as("pending").isFalse();
        assertThat(failure).as("failure").isNotNull();
        return failure;
    }

    Outcome<T> await() {
        Waiting.await().until(() -> !isPending());
        return this;
    }
}
