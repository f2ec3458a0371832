package io.asyncgateway.samples;

import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.Send;
import java.nio.ByteBuffer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A body of any size that takes no memory: each piece is a view of the same bytes, and the next one is made when the transport has taken the
 * one before.
 */
final class Big {
    /** 100 GB. */
    static final long LARGEST = 100_000_000_000L;

    private static final ByteBuffer PIECE = Pattern.bytes(64 * 1024);

    private Big() {}

    static Mono<Void> send(Send send, long size) {
        ResponseStart start = ResponseStart.of(
                200, "content-type", "application/octet-stream", "content-length", Long.toString(size));
        return Http.stream(send, start, pieces(size));
    }

    private static Flux<ByteBuffer> pieces(long size) {
        return Flux.generate(() -> size, (left, sink) -> {
            if (left == 0) {
                sink.complete();
                return left;
            }
            int length = (int) Math.min(left, PIECE.capacity());
            sink.next(PIECE.slice(0, length));
            return left - length;
        });
    }
}
