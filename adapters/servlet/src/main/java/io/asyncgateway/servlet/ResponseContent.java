package io.asyncgateway.servlet;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import java.nio.ByteBuffer;
import java.nio.channels.WritePendingException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * The response as the engine writes it. One send is outstanding at most.
 *
 * <p>A write that is small, and finds no other under way, is copied and counts as done at once: the engine has its buffer back, the worker goes on without waiting
 * for the transport, and head and body of a short response go to the event loop as one. The same holds for a last write that is small, since after it the engine is
 * done with the request. Every other write keeps the engine's own buffer until the transport has taken it. So of one response there is at most the part in flight, and one
 * write behind it.
 *
 * <pre>
 *   IDLE ──write──► BUSY ──write──► a part that waits ──(the one in flight is through)──► BUSY
 *   BUSY ──through──► IDLE          any ──(a send fails, the peer is gone)──► the failure, which every later write gets
 * </pre>
 *
 * <p>Writes come from one thread of the application at a time, the ends of sends from the event loop; {@code state} says whose turn it is.
 */
final class ResponseContent implements CoreSubscriber<Void> {
    /** The largest write that is copied: the engine's own buffer ({@code HttpConfiguration.outputBufferSize}). */
    static final int COPY_LIMIT = 32 * 1024;

    /** The same of a last write: the engine's own buffer where an application has asked for a larger one ({@code ServletResponse.setBufferSize}). */
    private static final int LAST_COPY_LIMIT = 1024 * 1024;

    private static final int EARLY_HINTS = 103;
    private static final Object IDLE = "idle";
    private static final Object BUSY = "busy";
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final Send send;
    private final Exchange exchange;

    /** {@link #IDLE}, {@link #BUSY}, the {@link ResponsePart} that waits, or the {@link EofException} that has ended it. */
    private final AtomicReference<Object> state = new AtomicReference<>(IDLE);

    private volatile @Nullable ResponsePart current;
    private @Nullable Supplier<HttpFields> trailers;
    private volatile boolean committed;

    ResponseContent(Send send, Exchange exchange) {
        this.send = send;
        this.exchange = exchange;
    }

    boolean isCommitted() {
        return committed;
    }

    /** Whether all that was written is through. */
    boolean isIdle() {
        return state.get() == IDLE;
    }

    /** Why sending has failed; {@code null} where it has not. */
    @Nullable
    Throwable failure() {
        return state.get() instanceof EofException failure ? failure : null;
    }

    /** An interim response. Of those the contract has the early hints; the others are left out, which is as if they were lost. */
    void interim(MetaData.Response response, Callback callback) {
        if (response.getStatus() != EARLY_HINTS) {
            callback.succeeded();
            return;
        }
        SendEvent hints = new HttpEvent.EarlyHints(ResponseHead.headers(response.getHttpFields(), false));
        write(state.get() == IDLE, callback, null, hints);
    }

    /** Writes head, content, or both. Fails, with nothing written, where the application's head or trailers are not those of HTTP. */
    void write(MetaData.@Nullable Response head, boolean last, @Nullable ByteBuffer content, Callback callback) {
        ByteBuffer body = content == null ? EMPTY : content;
        if (head == null && !last && !body.hasRemaining()) {
            callback.succeeded();
            return;
        }
        // Only this thread leaves IDLE, so that what is IDLE now is so in write.
        boolean copy =
                last ? body.remaining() <= LAST_COPY_LIMIT : body.remaining() <= COPY_LIMIT && state.get() == IDLE;
        SendEvent[] events;
        try {
            events = events(head, copy ? copyOf(body) : body, last);
        } catch (RuntimeException failure) {
            callback.failed(failure);
            return;
        }
        if (head != null) {
            committed = true;
        }
        write(copy, callback, content, events);
    }

    private SendEvent[] events(MetaData.@Nullable Response head, ByteBuffer body, boolean last) {
        HttpEvent.ResponseStart start = null;
        if (head != null) {
            start = ResponseHead.start(head);
            trailers = ResponseHead.trailers(head);
        }
        Supplier<HttpFields> supplier = trailers;
        HttpFields fields = last && supplier != null ? supplier.get() : null;
        HttpEvent.ResponseBody content = new HttpEvent.ResponseBody(body, !last || fields != null);
        if (fields == null) {
            return start == null ? new SendEvent[] {content} : new SendEvent[] {start, content};
        }
        HttpEvent.ResponseTrailers end = new HttpEvent.ResponseTrailers(ResponseHead.headers(fields, false));
        return start == null ? new SendEvent[] {content, end} : new SendEvent[] {start, content, end};
    }

    private static ByteBuffer copyOf(ByteBuffer body) {
        if (!body.hasRemaining()) {
            return EMPTY;
        }
        ByteBuffer copy = ByteBuffer.allocate(body.remaining());
        copy.put(body.duplicate());
        return copy.flip();
    }

    private void write(boolean isCopied, Callback callback, @Nullable ByteBuffer content, SendEvent... events) {
        ResponsePart part = isCopied ? ResponsePart.copied(events) : new ResponsePart(callback, content, events);
        Throwable failure = submit(part);
        if (failure != null) {
            callback.failed(failure);
        } else if (isCopied) {
            if (content != null) {
                content.position(content.limit());
            }
            callback.succeeded();
        }
    }

    /** Sends a part now or after the one in flight; why not, where it can't. */
    private @Nullable Throwable submit(ResponsePart part) {
        while (true) {
            Object now = state.get();
            if (now == IDLE) {
                current = part; // before it is on its way, so that a cancellation finds it
                if (state.compareAndSet(IDLE, BUSY)) {
                    sendNext(part);
                    return null;
                }
                current = null;
            }
            if (now == BUSY && state.compareAndSet(BUSY, part)) {
                return null;
            }
            if (now instanceof EofException failure) {
                return failure;
            }
            if (now instanceof ResponsePart) {
                return new WritePendingException();
            }
        }
    }

    private void sendNext(ResponsePart part) {
        Mono<Void> sent;
        try {
            sent = send.send(part.next());
        } catch (RuntimeException failure) {
            onError(failure);
            return;
        }
        sent.subscribe(this);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Void nothing) {}

    @Override
    public void onComplete() {
        ResponsePart part = current;
        if (part == null) {
            return;
        }
        if (part.hasNext()) {
            sendNext(part);
            return;
        }
        current = null;
        part.consume();
        Callback callback = part.take();
        boolean idle = transmitWaiting();
        if (callback != null) {
            exchange.sent(callback);
        }
        if (idle) {
            exchange.responseIdle();
        }
    }

    /** {@code false} if there was one that waited. */
    private boolean transmitWaiting() {
        while (true) {
            Object now = state.get();
            if (now == BUSY && state.compareAndSet(BUSY, IDLE)) {
                return true;
            }
            if (now instanceof EofException) {
                return false;
            }
            if (now instanceof ResponsePart waiting) {
                current = waiting;
                if (state.compareAndSet(waiting, BUSY)) {
                    sendNext(waiting);
                    return false;
                }
                current = null; // it was cancelled
            }
        }
    }

    @Override
    public void onError(Throwable cause) {
        EofException failure = new EofException(cause);
        Object before = state.getAndSet(failure);
        ResponsePart sending = current;
        current = null;
        fail(sending, failure);
        fail(before instanceof ResponsePart waiting ? waiting : null, failure);
        exchange.sendFailed(cause);
    }

    /** Nothing more is to be sent: from now on every write fails. The part that is in flight goes on. */
    void close(EofException failure) {
        Object before = state.get();
        while (!(before instanceof EofException) && !state.compareAndSet(before, failure)) {
            before = state.get();
        }
        fail(before instanceof ResponsePart waiting ? waiting : null, failure);
    }

    private void fail(@Nullable ResponsePart part, Throwable failure) {
        Callback callback = part == null ? null : part.take();
        if (callback != null) {
            exchange.notSent(callback, failure);
        }
    }

    /**
     * The engine gives up on the write that it waits for, and wants both callbacks failed when it may have its buffer back. One that is in flight is
     * still read by the transport: the exchange is aborted, which ends it.
     */
    void cancel(Throwable cause, Callback other) {
        if (state.get() instanceof ResponsePart waiting && waiting.isAwaited() && state.compareAndSet(waiting, BUSY)) {
            fail(waiting, cause);
            other.failed(cause);
            return;
        }
        ResponsePart sending = current;
        if (sending != null && sending.cancel(cause, other)) {
            exchange.abort(cause);
        } else {
            other.failed(cause);
        }
    }
}
