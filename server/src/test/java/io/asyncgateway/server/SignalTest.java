package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

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

    /** A stream that ends at the drain leaves when it is told, and takes others with it. */
    @Test
    void whoWatchesMayLeaveOrComeWhileItFires() {
        Outcome<Void>[] late = newOutcomes();
        Outcome<Void> last = Outcome.of(signal.then(Mono.fromRunnable(() -> late[0] = Outcome.of(signal))));
        Outcome<Void> first = Outcome.of(Mono.firstWithSignal(signal, signal).then());
        signal.fire();
        assertThat(first.isComplete()).isTrue();
        assertThat(last.isComplete()).isTrue();
        assertThat(late[0].isComplete()).isTrue();
    }

    @SuppressWarnings("unchecked")
    private static Outcome<Void>[] newOutcomes() {
        return new Outcome[1];
    }
}
