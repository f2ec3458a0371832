package io.asyncgateway.api.testing;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.RequestScope;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One call of the application, played by the test: a rule is a script in which the test speaks for the client and for the application
 * in turn. Everything is subscribed on the thread of the test, which is none of the server's.
 */
final class Actor {
    final Scope scope;
    final Receive receive;
    final Send send;
    private final Sinks.Empty<Void> end = Sinks.empty();
    private final Sinks.Empty<Void> cancelled = Sinks.empty();
    private final Step<Void> cancellation = Step.of("the cancellation of the application", cancelled.asMono());

    Actor(Scope scope, Receive receive, Send send) {
        this.scope = scope;
        this.receive = receive;
        this.send = send;
    }

    /** What the application returned. */
    Mono<Void> result() {
        return end.asMono().doOnCancel(cancelled::tryEmitEmpty);
    }

    RequestScope request() {
        return (RequestScope) scope;
    }

    void complete() {
        end.tryEmitEmpty();
    }

    void fail(Throwable failure) {
        end.tryEmitError(failure);
    }

    boolean isCancelled() {
        return cancellation.isDone();
    }

    void awaitCancellation() {
        cancellation.await();
    }

    Step<ReceiveEvent> receiving() {
        return Step.of("receive", receive.receive());
    }

    ReceiveEvent receive() {
        ReceiveEvent event = receiving().await();
        if (event == null) {
            throw new AssertionError("receive completed without an event");
        }
        return event;
    }

    <E extends ReceiveEvent> E receive(Class<E> type) {
        ReceiveEvent event = receive();
        if (!type.isInstance(event)) {
            throw new AssertionError("received " + event + " (expected: " + type.getSimpleName() + ")");
        }
        return type.cast(event);
    }

    /** Pulls body events until at least that many bytes have come, or the last one. */
    String receiveText(int bytes) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean more = true;
        while (more && body.size() < bytes) {
            HttpEvent.Request part = receive(HttpEvent.Request.class);
            body.writeBytes(Payloads.bytes(part.body()));
            more = part.more();
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    /** Pulls body events up to the last one. */
    String receiveRest() {
        return receiveText(Integer.MAX_VALUE);
    }

    /** Pulls what is there up to the disconnect: body events that arrived before it may come first. */
    void receiveRestUntilDisconnect() {
        ReceiveEvent event = receive();
        while (!(event instanceof HttpEvent.Disconnect)) {
            event = receive();
        }
    }

    Step<Void> sending(SendEvent event) {
        return Step.of("sending " + event, send.send(event));
    }

    void send(SendEvent... events) {
        for (SendEvent event : events) {
            sending(event).await();
        }
    }

    <E extends Throwable> void sendFails(Class<E> type, SendEvent event) {
        sending(event).awaitFailure(type);
    }

    <E extends Throwable> void receiveFails(Class<E> type) {
        receiving().awaitFailure(type);
    }
}
