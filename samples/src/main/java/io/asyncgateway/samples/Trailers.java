package io.asyncgateway.samples;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent.Request;
import io.asyncgateway.api.HttpEvent.ResponseBody;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.HttpEvent.ResponseTrailers;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Send;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Reads the body of a request to its end and sends the trailer fields behind it back as those of the response.
 *
 * <p>Only those that begin with {@code x-} are echoed: a sender must know that a field may stand in a trailer (RFC 9110 section 6.5.1), and of
 * {@code content-length}, {@code host} or {@code set-cookie} the contrary is known.
 */
final class Trailers {
    private static final ByteBuffer BODY = StandardCharsets.US_ASCII.encode("trailers\n");

    private Trailers() {}

    static Mono<Void> handle(Receive receive, Send send) {
        return receive.receive()
                .flatMap(event ->
                        event instanceof Request part ? Mono.just(part) : Mono.error(new DisconnectedException()))
                .repeat()
                .takeUntil(part -> !part.more())
                .last()
                .flatMap(last -> answer(send, echoed(last.trailers())));
    }

    private static Mono<Void> answer(Send send, Headers trailers) {
        ResponseStart start = ResponseStart.of(200, "content-type", "text/plain; charset=utf-8");
        return send.send(start)
                .then(send.send(ResponseBody.more(BODY)))
                .then(send.send(new ResponseTrailers(trailers)));
    }

    private static Headers echoed(Headers received) {
        Headers.Builder echoed = Headers.builder();
        for (Map.Entry<String, String> field : received) {
            if (field.getKey().toLowerCase(Locale.ROOT).startsWith("x-")) {
                echoed.add(field.getKey(), field.getValue());
            }
        }
        return echoed.build();
    }
}
