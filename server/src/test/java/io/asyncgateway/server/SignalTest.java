package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class SignalTest {
    private final Signal signal = new Signal();

    @Test
    void everybodyWhoWatchesIsToldOnce() {
        Outcome<Void> one = Outcome.of(signal);
        Outcome<Void> two = Outcome.of(signal);
        assertThat(one.isPending()).isTrue();
        signal.fire();
        signal.fire();
        assertThat(one.isComplete()).isTrue();
        assertThat(two.isComplete()).isTrue();
        assertThat(signal.isFired()).isTrue();
    }

    @Test
    void whoComesLateIsToldAtOnce() {
        signal.fire();
        assertThat(Outcome.of(signal).isComplete()).isTrue();
    }

    @Test
    void whoHasLeftIsNotTold() {
        Outcome<Void> gone = Outcome.of(signal);
        gone.cancel();
        signal.fire();
        assertThat(gone.isPending()).isTrue();
    }

    /** A stream that ends at the drain leaves when it is told, and others may come then. */
    @Test
    void whoWatchesMayLeaveOrComeWhileItFires() {
        AtomicReference<Outcome<Void>> late = new AtomicReference<>();
        Outcome<Void> coming = Outcome.of(signal.then(Mono.fromRunnable(() -> late.set(Outcome.of(signal)))));
        Outcome<Void> leaving = Outcome.of(Mono.firstWithSignal(signal, signal).then());
        signal.fire();
        assertThat(coming.isComplete()).isTrue();
        assertThat(leaving.isComplete()).isTrue();
        assertThat(late.get().isComplete()).isTrue();
    }
}
