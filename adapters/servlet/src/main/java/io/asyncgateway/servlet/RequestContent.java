package io.asyncgateway.servlet;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.RequestException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.Trailers;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * The body of a request as the engine reads it. Nothing is pulled before the application asks for the first part, since that is what lets the peer send it
 * (100 Continue). From then on one part is pulled ahead, so that it travels while the one before is worked on; never more.
 *
 * <pre>
 *   IDLE ──demand──► DEMANDED ──event──► chunk ──read──► PULLING ──event──► chunk ...
 *                    PULLING ──demand──► DEMANDED
 *   chunk, last ──read──► the end, or the failure, which every later read gets
 * </pre>
 *
 * <p>{@link #read} and {@link #demand} come from one thread of the application at a time, events from the event loop; all that they share is {@code state}.
 */
final class RequestContent implements CoreSubscriber<ReceiveEvent> {
    private enum Pull {
        /** Nothing is pulled. */
        IDLE,
        /** A part is on its way, and nobody waits for it. */
        PULLING,
        /** A part is on its way, and the engine is to be told when it is here. */
        DEMANDED
    }

    private final Receive receive;
    private final Exchange exchange;

    /** A {@link Pull}, or the {@link Content.Chunk} that is to be read. */
    private final AtomicReference<Object> state;

    /** Behind the chunk that is to be read. */
    private volatile Content.@Nullable Chunk trailers;

    RequestContent(Receive receive, Exchange exchange, boolean isEmpty) {
        this.receive = receive;
        this.exchange = exchange;
        this.state = new AtomicReference<>(isEmpty ? Content.Chunk.EOF : Pull.IDLE);
    }

    /** What is there; {@code null} where that has to be demanded. */
    Content.@Nullable Chunk read() {
        if (!(state.get() instanceof Content.Chunk chunk)) {
            return null;
        }
        Content.Chunk behind = trailers;
        if (behind != null) {
            trailers = null;
            state.set(behind);
        } else if (chunk.isLast()) {
            state.set(Content.Chunk.next(chunk));
        } else {
            state.set(Pull.PULLING);
            pull();
        }
        return chunk;
    }

    /** The engine is told as soon as there is something to read; within this call where there is. */
    void demand() {
        if (state.compareAndSet(Pull.IDLE, Pull.DEMANDED)) {
            pull();
        } else if (!state.compareAndSet(Pull.PULLING, Pull.DEMANDED)) {
            exchange.contentAvailable();
        }
    }

    /** The engine wants no more of it. What was read ahead is dropped; the rest of the body is the server's business. */
    void abandon() {
        trailers = null;
        Object before = state.get();
        if (!(before instanceof Content.Chunk chunk) || !chunk.isLast() || chunk.hasRemaining()) {
            state.compareAndSet(before, failure(new EofException("the body was not read to its end")));
        }
    }

    private void pull() {
        Mono<ReceiveEvent> event;
        try {
            event = receive.receive();
        } catch (RuntimeException failure) {
            arrived(failure(failure));
            return;
        }
        event.subscribe(this);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ReceiveEvent event) {
        if (!(event instanceof HttpEvent.Request part)) {
            arrived(failure(new EofException("the peer is gone")));
            return;
        }
        ByteBuffer body = part.body();
        if (part.more()) {
            if (body.hasRemaining()) {
                arrived(Content.Chunk.from(body, false));
            } else {
                pull();
            }
        } else if (part.trailers().isEmpty()) {
            arrived(body.hasRemaining() ? Content.Chunk.from(body, true) : Content.Chunk.EOF);
        } else {
            Content.Chunk end = new Trailers(RequestHead.fields(part.trailers()));
            if (body.hasRemaining()) {
                trailers = end;
                arrived(Content.Chunk.from(body, false));
            } else {
                arrived(end);
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        arrived(failure(failure));
    }

    /** The event has come before. */
    @Override
    public void onComplete() {}

    private void arrived(Content.Chunk chunk) {
        Object before = state.get();
        while (before instanceof Pull && !state.compareAndSet(before, chunk)) {
            before = state.get();
        }
        if (before == Pull.DEMANDED) {
            exchange.contentArrived();
        }
    }

    /** A failure in which the engine finds the status of its answer. */
    private static Content.Chunk failure(Throwable failure) {
        if (failure instanceof EofException) {
            return Content.Chunk.from(failure, true);
        }
        if (failure instanceof RequestException request) {
            return Content.Chunk.from(new RefusedBodyException(request), true);
        }
        return Content.Chunk.from(new EofException(failure), true);
    }
}
