package io.asyncgateway.samples;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.HttpEvent.Request;
import io.asyncgateway.api.HttpEvent.ResponseBody;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.Send;
import reactor.core.publisher.Mono;

/**
 * Streams the body of a request back. Each part is pulled when the one before is on its way, so that a client which does not read is not read
 * from either.
 *
 * <p>{@code Http.stream(send, start, Http.body(receive))} does nearly the same. This one passes on which part is the last, so that a body of one
 * part goes back in one write with a content-length.
 */
final class Echo {
    private static final ResponseStart START = ResponseStart.of(200, "content-type", "application/octet-stream");

    private Echo() {}

    static Mono<Void> handle(Receive receive, Send send) {
        return send.send(START).then(receive.receive()).flatMap(event -> {
            Mono<Void> sent = send.send(back(event));
            return isLast(event) ? sent : sent.then(rest(receive, send));
        });
    }

    /** A loop, and no recursion, since a body may have any number of parts. */
    private static Mono<Void> rest(Receive receive, Send send) {
        return receive.receive()
                .flatMap(event -> send.send(back(event)).thenReturn(event))
                .repeat()
                .takeUntil(Echo::isLast)
                .then();
    }

    private static ResponseBody back(ReceiveEvent event) {
        if (event instanceof Request part) {
            return new ResponseBody(part.body(), part.more());
        }
        throw new DisconnectedException();
    }

    private static boolean isLast(ReceiveEvent event) {
        return event instanceof Request part && !part.more();
    }
}
