package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import java.nio.ByteBuffer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One call of an application that a test plays. */
final class Call {
    final HttpScope scope;
    private final Receive receive;
    private final Send send;
    private final Sinks.Empty<Void> result = Sinks.empty();
    private volatile boolean cancelled;

    Call(HttpScope scope, Receive receive, Send send) {
        this.scope = scope;
        this.receive = receive;
        this.send = send;
    }

    Mono<Void> result() {
        return result.asMono().doOnCancel(() -> cancelled = true);
    }

    boolean isCancelled() {
        return cancelled;
    }

    void complete() {
        result.tryEmitEmpty().orThrow();
    }

    /** Completes, if it has not ended yet. */
    void end() {
        result.tryEmitEmpty();
    }

    void fail(Throwable failure) {
        result.tryEmitError(failure).orThrow();
    }

    Outcome<ReceiveEvent> receive() {
        return Outcome.of(receive.receive());
    }

    Outcome<Void> send(SendEvent event) {
        return Outcome.of(send.send(event));
    }

    Outcome<Void> start(int status, String... fields) {
        return send(new HttpEvent.ResponseStart(status, Headers.of(fields)));
    }

    Outcome<Void> part(String text) {
        return send(HttpEvent.ResponseBody.more(octets(text)));
    }

    Outcome<Void> last(String text) {
        return send(HttpEvent.ResponseBody.last(octets(text)));
    }

    /** A whole response, and the end of the call. */
    void answer(String text) {
        start(200).value();
        last(text).value();
        complete();
    }

    static ByteBuffer octets(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    /** The text of a part of a request's body; fails where it is something else. */
    static String text(ReceiveEvent event) {
        return ISO_8859_1.decode(((HttpEvent.Request) event).body().duplicate()).toString();
    }
}
