package io.asyncgateway.api;

import static io.asyncgateway.api.ScriptedReceive.part;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class HttpBodyTest {
    private static Flux<String> texts(Receive receive) {
        return Http.body(receive).map(buffer -> UTF_8.decode(buffer).toString());
    }

    @Test
    void aBodyIsThePartsInTheirOrderWithoutEmptyOnes() {
        StepVerifier.create(texts(ScriptedReceive.body("one", "", "two", "")))
                .expectNext("one", "two")
                .verifyComplete();
    }

    @Test
    void aRequestWithoutABodyIsEmpty() {
        StepVerifier.create(texts(ScriptedReceive.of(HttpEvent.Request.empty())))
                .verifyComplete();
    }

    @Test
    void nothingIsPulledBeforeItIsDemanded() {
        ScriptedReceive receive = ScriptedReceive.body("one", "two", "three");

        StepVerifier.create(texts(receive), 0)
                .then(() -> assertThat(receive.pulls).isZero())
                .thenRequest(1)
                .expectNext("one")
                .then(() -> assertThat(receive.pulls).isEqualTo(1))
                .thenRequest(2)
                .expectNext("two", "three")
                .verifyComplete();
        assertThat(receive.pulls).isEqualTo(3);
    }

    @Test
    void onePullIsOutstandingHoweverMuchIsDemanded() {
        ScriptedReceive receive = new ScriptedReceive();

        StepVerifier.create(texts(receive))
                .then(() -> assertThat(receive.pulls).isEqualTo(1))
                .thenRequest(10)
                .then(() -> assertThat(receive.pulls).isEqualTo(1))
                .then(() -> receive.give(part("one", false)))
                .expectNext("one")
                .verifyComplete();
    }

    @Test
    void nothingIsPulledBehindTheLastPart() {
        ScriptedReceive receive = ScriptedReceive.of(part("one", false), HttpEvent.Disconnect.instance());

        StepVerifier.create(texts(receive)).expectNext("one").verifyComplete();
        assertThat(receive.pulls).isEqualTo(1);
    }

    @Test
    void aDisconnectBeforeTheEndFails() {
        StepVerifier.create(texts(ScriptedReceive.of(part("one", true), HttpEvent.Disconnect.instance())))
                .expectNext("one")
                .verifyError(DisconnectedException.class);
    }

    @Test
    void theServersFailureGoesThrough() {
        ScriptedReceive receive = new ScriptedReceive();

        StepVerifier.create(texts(receive))
                .then(() -> receive.fail(new RequestException(408, "too slow")))
                .verifyErrorSatisfies(failure ->
                        assertThat(((RequestException) failure).status()).isEqualTo(408));
    }

    @Test
    void aChannelThatThrowsFails() {
        StepVerifier.create(texts(() -> {
                    throw new IllegalStateException("broken");
                }))
                .verifyErrorMessage("broken");
    }

    @Test
    void anEventOfAnotherProtocolFails() {
        StepVerifier.create(texts(ScriptedReceive.of(WebSocketEvent.Connect.instance())))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(ProtocolViolationException.class)
                        .hasMessageContaining("expected: HttpEvent.Request"));
    }

    @Test
    void aPullWithoutAnEventFailsInsteadOfTurningForEver() {
        StepVerifier.create(texts(Mono::empty)).verifyErrorMessage("receive completed without an event");
    }

    @Test
    void cancellingGivesUpThePullAndLosesNothing() {
        ScriptedReceive receive = ScriptedReceive.of(part("one", true));
        List<String> seen = new ArrayList<>();
        Disposable body = texts(receive).subscribe(seen::add);
        assertThat(seen).containsExactly("one");
        assertThat(receive.isWaiting()).isTrue();

        body.dispose();
        assertThat(receive.cancelled).isEqualTo(1);
        receive.give(part("two", false));
        StepVerifier.create(texts(receive)).expectNext("two").verifyComplete();
    }

    @Test
    void aSubscriberThatHasEnoughPullsNoMore() {
        ScriptedReceive receive = ScriptedReceive.body("one", "two", "three");

        StepVerifier.create(texts(receive).take(2)).expectNext("one", "two").verifyComplete();
        assertThat(receive.pulls).isEqualTo(2);
        StepVerifier.create(texts(receive)).expectNext("three").verifyComplete();
    }

    @Test
    void aLongBodyThatIsThereAlreadyDoesNotOverflowTheStack() {
        AtomicLong left = new AtomicLong(100_000);
        HttpEvent.Request part = part("x", true);
        Receive receive = () -> Mono.just(left.decrementAndGet() > 0 ? part : part("x", false));

        StepVerifier.create(Http.body(receive).count()).expectNext(100_000L).verifyComplete();
    }

    @Test
    void demandFromAnotherThreadLosesNothing() {
        AtomicLong left = new AtomicLong(20_000);
        HttpEvent.Request part = part("x", true);
        Receive receive =
                () -> Mono.<ReceiveEvent>fromSupplier(() -> left.decrementAndGet() > 0 ? part : part("x", false))
                        .subscribeOn(Schedulers.parallel());

        StepVerifier.create(Http.body(receive).publishOn(Schedulers.single(), 4).count())
                .expectNext(20_000L)
                .expectComplete()
                .verify(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one", "one,two", "one,,two,", ",one", ",,", "a,b,c,d,e,f,g"})
    void aCollectedBodyIsAllPartsInOne(String parts) {
        StepVerifier.create(Http.collect(ScriptedReceive.body(parts.split(",", -1)), 100))
                .assertNext(body -> {
                    assertThat(body.isReadOnly()).isTrue();
                    assertThat(UTF_8.decode(body).toString()).isEqualTo(parts.replace(",", ""));
                })
                .verifyComplete();
    }

    @Test
    void aCollectedBodyOfOnePartIsNotCopied() {
        ByteBuffer buffer = UTF_8.encode("one").asReadOnlyBuffer();

        StepVerifier.create(Http.collect(ScriptedReceive.of(new HttpEvent.Request(buffer, true), part("", false)), 3))
                .assertNext(body -> assertThat(body).isSameAs(buffer))
                .verifyComplete();
    }

    @Test
    void aCollectedBodyMayGrowUpToItsLimit() {
        String part = "x".repeat(700);

        StepVerifier.create(Http.collect(ScriptedReceive.body(part, part, part, part), 2800))
                .assertNext(body -> assertThat(body.remaining()).isEqualTo(2800))
                .verifyComplete();
    }

    @ParameterizedTest
    @CsvSource({"abcd,3", "ab|cd,3", "abc|d,3", "a,0"})
    void aBodyOverTheLimitIsRefusedWith413(String parts, int limit) {
        ScriptedReceive receive = ScriptedReceive.body((parts + "|more|").split("\\|"));

        StepVerifier.create(Http.collect(receive, limit)).verifyErrorSatisfies(failure -> {
            assertThat(failure).isInstanceOf(RequestException.class).hasMessageContaining("at most " + limit);
            assertThat(((RequestException) failure).status()).isEqualTo(413);
        });
        assertThat(receive.pulls).isEqualTo(parts.split("\\|").length);
    }

    @Test
    void aBodyAnnouncedOverTheLimitIsRefusedBeforeItIsPulled() {
        for (String length : List.of("4", "99999999999999999999999")) {
            ScriptedReceive receive = ScriptedReceive.body("abcd");
            HttpScope scope =
                    HttpScope.builder().header("content-length", length).build();

            StepVerifier.create(Http.collect(scope, receive, 3)).verifyError(RequestException.class);
            assertThat(receive.pulls).isZero();
        }
    }

    @Test
    void aBodyAnnouncedWithinTheLimitIsCollected() {
        HttpScope scope = HttpScope.builder().header("content-length", "3").build();

        StepVerifier.create(Http.collect(scope, ScriptedReceive.body("abc"), 3))
                .expectNext(UTF_8.encode("abc"))
                .verifyComplete();
        StepVerifier.create(Http.collect(HttpScope.builder().build(), ScriptedReceive.body("abc"), 3))
                .expectNext(UTF_8.encode("abc"))
                .verifyComplete();
    }

    @Test
    void collectingFailsWhereThePeerLeaves() {
        StepVerifier.create(Http.collect(ScriptedReceive.of(part("one", true), HttpEvent.Disconnect.instance()), 100))
                .verifyError(DisconnectedException.class);
    }

    @Test
    void collectingPullsNothingBeforeItIsDemandedAndGivesUpItsPull() {
        ScriptedReceive receive = new ScriptedReceive();

        StepVerifier.create(Http.collect(receive, 10), 0)
                .then(() -> assertThat(receive.pulls).isZero())
                .thenRequest(1)
                .then(() -> assertThat(receive.pulls).isEqualTo(1))
                .thenCancel()
                .verify();
        assertThat(receive.cancelled).isEqualTo(1);
    }

    @Test
    void aNegativeLimitIsRefused() {
        assertThatThrownBy(() -> Http.collect(new ScriptedReceive(), -1)).hasMessage("limit: -1 (expected: >= 0)");
    }
}
