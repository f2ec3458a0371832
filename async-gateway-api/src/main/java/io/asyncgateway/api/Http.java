package io.asyncgateway.api;

import java.nio.ByteBuffer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What most HTTP applications need, built on the public contract alone. */
public final class Http {
    private Http() {}

    /**
     * The body of the request as a stream.
     *
     * @param receive the channel of the request
     * @return the parts of the body
     */
    public static Flux<ByteBuffer> body(Receive receive) {
        return Mono.defer(receive::receive)
                .repeat()
                .concatMap(
                        event -> event instanceof HttpEvent.Request part
                                ? Mono.just(part)
                                : Mono.error(new DisconnectedException()),
                        0)
                .takeUntil(part -> !part.more())
                .map(HttpEvent.Request::body);
    }
}
