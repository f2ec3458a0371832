package io.asyncgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** What the helpers above it don't reach by themselves: late and wrong signals, and races. */
class OneByOneTest {
    private final List<Object> dropped = new ArrayList<>();
    private final List<Throwable> seen = new ArrayList<>();

    @BeforeEach
    void keepWhatIsDropped() {
        Hooks.onNextDropped(dropped::add);
        Hooks.onErrorDropped(dropped::add);
    }

    @AfterEach
    void resetHooks() {
        Hooks.resetOnNextDropped();
        Hooks.resetOnErrorDropped();
    }

    private static Mono<Void> each(TestPublisher<String> source, Function<String, Mono<Void>> step) {
        return new OneByOne<>(source, step, Mono::empty);
    }

    @Test
    void aLastStepThatThrowsFails() {
        StepVerifier.create(new OneByOne<>(Flux.just("a"), a -> Mono.empty(), () -> {
                    throw new IllegalStateException("broken");
                }))
                .verifyErrorMessage("broken");
    }

    @Test
    void aLastStepThatFailsFails() {
        StepVerifier.create(new OneByOne<>(
                        Flux.just("a"), a -> Mono.empty(), () -> Mono.error(new IllegalStateException("broken"))))
                .verifyErrorMessage("broken");
    }

    @Test
    void cancellingReachesTheLastStep() {
        Sinks.Empty<Void> last = Sinks.empty();
        Disposable loop = new OneByOne<>(Flux.just("a"), a -> Mono.empty(), last::asMono).subscribe();
        assertThat(last.currentSubscriberCount()).isEqualTo(1);

        loop.dispose();
        loop.dispose();
        assertThat(last.currentSubscriberCount()).isZero();
    }

    @Test
    void whatASourceSendsAfterTheEndIsDropped() {
        TestPublisher<String> source = TestPublisher.createNoncompliant(
                TestPublisher.Violation.CLEANUP_ON_TERMINATE, TestPublisher.Violation.REQUEST_OVERFLOW);
        each(source, a -> Mono.error(new IllegalStateException("broken"))).subscribe(n -> {}, seen::add);
        source.next("a");
        source.next("late");
        source.complete();
        source.error(new IllegalStateException("late too"));

        assertThat(seen).hasSize(1).first().extracting(Throwable::getMessage).isEqualTo("broken");
        assertThat(dropped).hasSize(2).first().isEqualTo("late");
    }

    @Test
    void aStepThatEndsAfterACancellationChangesNothing() {
        TestPublisher<String> source = TestPublisher.create();
        TestPublisher<Void> step = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        List<String> ends = new ArrayList<>();
        Disposable loop = new OneByOne<>(source, a -> Mono.fromDirect(step.flux()), Mono::empty)
                .subscribe(n -> {}, seen::add, () -> ends.add("complete"));
        source.next("a");
        loop.dispose();
        step.complete();

        source.assertCancelled();
        step.assertCancelled();
        assertThat(seen).isEmpty();
        assertThat(ends).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1_000})
    void stepsAndSourceOnDifferentThreadsMeetNowhereAndLoseNothing(int count) {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Flux<Integer> source = Flux.range(0, count).publishOn(Schedulers.parallel(), 1);
        Mono<Void> loop = new OneByOne<>(
                source,
                i -> Mono.<Void>fromRunnable(() -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            done.incrementAndGet();
                            running.decrementAndGet();
                        })
                        .subscribeOn(Schedulers.single()),
                Mono::empty);

        StepVerifier.create(loop).expectComplete().verify(Duration.ofSeconds(30));
        assertThat(done).hasValue(count);
        assertThat(most).hasValue(1);
    }
}
