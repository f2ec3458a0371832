package io.asyncgateway.api.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.DeadlineExceededException;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ReceiveEvent;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The deadline of a request. */
interface DeadlineRules {
    @Test
    default void aResponseThatHasNotBegunBecomesA504(Bench bench) throws Exception {
        bench.with(settings -> settings.withDeadline(Duration.ofMillis(200)));
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        assertEquals(504, exchange.awaitResponse().status());
        actor.awaitCancellation();
    }

    @Test
    default void aStartThatIsHeldBackHasNotBegun(Bench bench) throws Exception {
        bench.with(settings -> settings.withDeadline(Duration.ofSeconds(1)));
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(HttpEvent.ResponseStart.of(200, "x-held", "back"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals(504, response.status());
        assertNull(response.headers().first("x-held"));
        actor.awaitCancellation();
    }

    @Test
    default void aResponseThatHasBegunIsAborted(Bench bench) throws Exception {
        bench.with(settings -> settings.withDeadline(Duration.ofSeconds(1)));
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.more("part"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals(200, response.status());
        assertFalse(response.complete());
        actor.awaitCancellation();
    }

    @Test
    default void theDeadlineFiresAndReceiveAndSendFailWithIt(Bench bench) throws Exception {
        bench.with(settings -> settings.withDeadline(Duration.ofSeconds(1)));
        Instant before = Instant.now();
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        Step<Void> deadline = Step.of("deadline()", actor.request().deadline());
        assertNotNull(actor.request().deadlineAt());
        assertTrue(actor.request().deadlineAt().isAfter(before));
        assertTrue(actor.request().deadlineAt().isBefore(Instant.now().plus(Duration.ofMillis(1001))));
        actor.receive(HttpEvent.Request.class);
        Step<ReceiveEvent> pull = actor.receiving();
        deadline.await();
        pull.awaitFailure(DeadlineExceededException.class);
        actor.receiveFails(DeadlineExceededException.class);
        actor.sendFails(DeadlineExceededException.class, Payloads.ok());
        Step.of("deadline() for a late subscriber", actor.request().deadline()).await();
        assertEquals(504, exchange.awaitResponse().status());
    }

    @Test
    default void aResponseInTimeIsNotTouched(Bench bench) throws Exception {
        bench.with(settings -> settings.withDeadline(Duration.ofSeconds(1)));
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/in-time"));
        Actor inTime = bench.actor();
        inTime.send(Payloads.ok(), Payloads.last("body"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("body", response.text());
        inTime.complete();
        ConformanceClient.Exchange late = client.open(ConformanceClient.Request.get("/late"));
        bench.actor().awaitCancellation();
        assertEquals(504, late.awaitResponse().status());
        assertFalse(inTime.isCancelled());
    }

    @Test
    default void withoutADeadlineThereIsNone(Bench bench) throws Exception {
        bench.get();
        Actor actor = bench.actor();
        assertNull(actor.request().deadlineAt());
        assertFalse(Step.of("deadline()", actor.request().deadline()).isDone());
    }
}
