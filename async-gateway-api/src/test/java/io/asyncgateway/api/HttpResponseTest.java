package io.asyncgateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class HttpResponseTest {
    private static final HttpEvent.ResponseStart START = new HttpEvent.ResponseStart(200);

    private static Application streaming(Publisher<ByteBuffer> body) {
        return Applications.http((scope, receive, send) -> Http.stream(send, START, body));
    }

    private static ByteBuffer bytes(String text) {
        return UTF_8.encode(text);
    }

    @Test
    void aWholeResponseIsAStartAndOneLastPart() {
        Application app = Applications.http(
                (scope, receive, send) -> Http.respond(send, 201, Headers.of("location", "/x"), bytes("made")));

        try (HttpDriver driver = ApplicationDriver.get(app, "/")) {
            assertThat(driver.expectStart(201).headers()).isEqualTo(Headers.of("location", "/x"));
            driver.expectLastPart("made");
            driver.expectEnd();
        }
    }

    @Test
    void aTextSaysWhatItIs() {
        for (int status : new int[] {200, 404}) {
            Application app = Applications.http((scope, receive, send) -> Http.respond(send, status, "grün"));

            try (HttpDriver driver = ApplicationDriver.get(app, "/")) {
                assertThat(driver.expectStart(status).headers())
                        .isEqualTo(Headers.of("content-type", "text/plain; charset=utf-8"));
                driver.expectLastPart("grün");
                driver.expectEnd();
            }
        }
    }

    @Test
    void nothingIsSentBeforeTheResponseIsSubscribed() {
        List<SendEvent> sent = new ArrayList<>();
        Http.respond(recording(sent), START, bytes("x"));

        assertThat(sent).isEmpty();
    }

    @Test
    void aResponseCanBeSubscribedOnce() {
        List<SendEvent> sent = new ArrayList<>();
        Mono<Void> response = Http.respond(recording(sent), START, bytes("x"));

        StepVerifier.create(response).verifyComplete();
        StepVerifier.create(response).verifyError(ProtocolViolationException.class);
        assertThat(sent).hasSize(2);
    }

    @Test
    void thePartIsNotSentWhereTheStartFails() {
        List<SendEvent> sent = new ArrayList<>();
        Send send = event -> {
            sent.add(event);
            return Mono.error(new DisconnectedException());
        };

        StepVerifier.create(Http.respond(send, START, bytes("x"))).verifyError(DisconnectedException.class);
        assertThat(sent).containsExactly(START);
    }

    @Test
    void aChannelThatThrowsFailsTheResponse() {
        Send send = event -> {
            throw new IllegalStateException("broken");
        };

        StepVerifier.create(Http.respond(send, START, bytes("x"))).verifyErrorMessage("broken");
    }

    @Test
    void aCancelledResponseSendsNoMore() {
        List<SendEvent> sent = new ArrayList<>();
        Sinks.Empty<Void> started = Sinks.empty();
        Send send = event -> Mono.defer(() -> {
            sent.add(event);
            return started.asMono();
        });

        Disposable response = Http.respond(send, START, bytes("x")).subscribe();
        response.dispose();
        started.tryEmitEmpty();
        assertThat(sent).containsExactly(START);
        assertThat(started.currentSubscriberCount()).isZero();
    }

    @Test
    void aResponseCancelledBeforeItBeginsSendsNothing() {
        List<SendEvent> sent = new ArrayList<>();
        BaseSubscriber<Void> impatient = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                cancel();
            }
        };
        Http.respond(recording(sent), START, bytes("x")).subscribe(impatient);

        assertThat(sent).isEmpty();
    }

    @Test
    void aStreamIsAStartThePartsAndAnEnd() {
        try (HttpDriver driver = ApplicationDriver.get(streaming(Flux.just(bytes("one"), bytes("two"))), "/")) {
            driver.expectStart(200);
            driver.expectPart("one");
            driver.expectPart("two");
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    @Test
    void anEmptyStreamIsAnEmptyResponse() {
        try (HttpDriver driver = ApplicationDriver.get(streaming(Flux.empty()), "/")) {
            driver.expectStart(200);
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    @Test
    void anElementIsAskedForWhenTheTransportHasTakenTheOneBefore() {
        AtomicInteger made = new AtomicInteger();
        Flux<ByteBuffer> body = Flux.range(0, 10).map(i -> bytes("" + made.getAndIncrement()));

        try (HttpDriver driver = ApplicationDriver.http(streaming(body), HttpScope.builder())) {
            driver.hold();
            driver.expectStart(200);
            for (int i = 0; i < 5; i++) {
                driver.expectPart("" + i);
                driver.expectNothing();
                assertThat(made).hasValue(i + 1);
                driver.releaseOne();
            }
            driver.release();
            assertThat(driver.expect(HttpEvent.ResponseBody.class).body()).isEqualTo(bytes("5"));
            assertThat(made).hasValue(10);
        }
    }

    @Test
    void theSourceIsCancelledWhereASendFindsThePeerGone() {
        TestPublisher<ByteBuffer> body = TestPublisher.create();

        try (HttpDriver driver = ApplicationDriver.get(streaming(body), "/")) {
            driver.expectStart(200);
            driver.hold();
            body.next(bytes("one"));
            driver.expectPart("one");
            driver.disconnect();
            driver.expectFailure(DisconnectedException.class);
        }
        body.assertCancelled();
    }

    @Test
    void theSourceIsCancelledWithTheApplication() {
        TestPublisher<ByteBuffer> body = TestPublisher.create();

        try (HttpDriver driver = ApplicationDriver.get(streaming(body), "/")) {
            driver.expectStart(200);
            driver.cancel();
            driver.expectEnd();
        }
        body.assertCancelled();
    }

    @Test
    void aFailedSourceFailsTheStreamSoThatItIsNotTakenForComplete() {
        Flux<ByteBuffer> body = Flux.just(bytes("one")).concatWith(Mono.error(new IllegalStateException("broken")));

        try (HttpDriver driver = ApplicationDriver.get(streaming(body), "/")) {
            driver.expectStart(200);
            driver.expectPart("one");
            assertThat(driver.expectFailure(IllegalStateException.class)).hasMessage("broken");
        }
    }

    @Test
    void aSourceThatCompletesDuringASendEndsBehindIt() {
        TestPublisher<ByteBuffer> body = TestPublisher.create();

        try (HttpDriver driver = ApplicationDriver.get(streaming(body), "/")) {
            driver.expectStart(200);
            driver.hold();
            body.next(bytes("one"));
            body.complete();
            driver.expectPart("one");
            driver.expectNothing();
            driver.releaseOne();
            driver.expectLastPart("");
            driver.release();
            driver.expectEnd();
        }
    }

    @Test
    void aSourceThatFailsDuringASendFailsTheStreamAtOnce() {
        TestPublisher<ByteBuffer> body = TestPublisher.create();

        try (HttpDriver driver = ApplicationDriver.get(streaming(body), "/")) {
            driver.expectStart(200);
            driver.hold();
            body.next(bytes("one"));
            driver.expectPart("one");
            body.error(new IllegalStateException("broken"));
            driver.expectFailure(IllegalStateException.class);
        }
    }

    @Test
    void aSourceThatIgnoresDemandFailsTheStream() {
        TestPublisher<ByteBuffer> body = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);

        try (HttpDriver driver = ApplicationDriver.get(streaming(body), "/")) {
            driver.expectStart(200);
            driver.hold();
            body.next(bytes("one"), bytes("two"));
            driver.expectPart("one");
            driver.expectFailure(IllegalStateException.class);
        }
        body.assertCancelled();
    }

    @Test
    void aSourceOnAnotherThreadKeepsItsOrder() {
        Flux<ByteBuffer> body = Flux.range(0, 2_000).map(i -> bytes(i + ",")).publishOn(Schedulers.parallel());
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            expected.append(i).append(',');
        }

        try (HttpDriver driver = ApplicationDriver.get(streaming(body), "/")) {
            assertThat(driver.expectResponse().text()).isEqualTo(expected.toString());
            driver.expectEnd();
        }
    }

    @Test
    void aLongStreamThatIsThereAlreadyDoesNotOverflowTheStack() {
        AtomicInteger sent = new AtomicInteger();
        Send send = event -> Mono.fromRunnable(sent::incrementAndGet);
        Flux<ByteBuffer> body = Flux.range(0, 100_000).map(i -> ByteBuffer.allocate(0));

        StepVerifier.create(Http.stream(send, START, body)).verifyComplete();
        assertThat(sent).hasValue(100_002);
    }

    @Test
    void anEchoHoldsItsPeerBackWhileTheTransportIsFull() {
        Application echo = Applications.http((scope, receive, send) -> Http.stream(send, START, Http.body(receive)));

        try (HttpDriver driver = ApplicationDriver.http(echo, HttpScope.builder())) {
            driver.expectStart(200);
            driver.expectPull();
            driver.hold();
            driver.part("one");
            driver.part("two");
            driver.expectPart("one");
            driver.expectNoPull();
            driver.expectNothing();
            driver.releaseOne();
            driver.expectPart("two");
            driver.release();
            driver.lastPart("three");
            driver.expectPart("three");
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    @Test
    void aSilentStreamEndsAtOnceWhereItsSourceListensToTheSignal() {
        Application app = Applications.http((scope, receive, send) ->
                Http.stream(send, START, Flux.<ByteBuffer>never().takeUntilOther(scope.disconnected())));

        try (HttpDriver driver = ApplicationDriver.get(app, "/")) {
            driver.expectStart(200);
            driver.disconnect();
            driver.expectEnd();
        }
    }

    @Test
    void aStreamCarriesTheContextOfItsSubscriber() {
        Flux<ByteBuffer> body = Flux.deferContextual(context -> Flux.just(bytes(context.get("name"))));
        List<SendEvent> sent = new ArrayList<>();

        StepVerifier.create(Http.stream(recording(sent), START, body).contextWrite(c -> c.put("name", "ada")))
                .expectComplete()
                .verify(Duration.ofSeconds(5));
        assertThat(sent).contains(HttpEvent.ResponseBody.more(bytes("ada")));
    }

    private static Send recording(List<SendEvent> sent) {
        return event -> Mono.fromRunnable(() -> sent.add(event));
    }
}
