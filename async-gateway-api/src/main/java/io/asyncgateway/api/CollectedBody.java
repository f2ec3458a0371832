package io.asyncgateway.api;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A whole body in one buffer. A body of one part is that part; more are put together in one array, which never holds more than the limit. */
final class CollectedBody extends Mono<ByteBuffer> {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final Receive receive;
    private final int limit;

    CollectedBody(Receive receive, int limit) {
        this.receive = receive;
        this.limit = limit;
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuffer> actual) {
        new HttpBody(receive).subscribe(new Collector(actual, limit));
    }

    /** Hears nothing more from {@link HttpBody} once it has cancelled it. */
    private static final class Collector implements CoreSubscriber<ByteBuffer>, Subscription {
        private final CoreSubscriber<? super ByteBuffer> actual;
        private final int limit;
        private @Nullable Subscription parts;
        private @Nullable ByteBuffer only;
        private byte @Nullable [] collected;
        private int size;

        Collector(CoreSubscriber<? super ByteBuffer> actual, int limit) {
            this.actual = actual;
            this.limit = limit;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            parts = subscription;
            actual.onSubscribe(this);
        }

        /** Nothing is pulled before the first demand, so that the result always has somebody to go to. */
        @Override
        public void request(long n) {
            if (Operators.validate(n) && parts != null) {
                parts.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void cancel() {
            if (parts != null) {
                parts.cancel();
            }
        }

        @Override
        public void onNext(ByteBuffer part) {
            if (part.remaining() > limit - size) {
                cancel();
                actual.onError(new RequestException(413, "body: too large (expected: at most " + limit + " bytes)"));
            } else if (size == 0) {
                only = part;
                size = part.remaining();
            } else {
                append(part);
            }
        }

        private void append(ByteBuffer part) {
            byte[] array = collected;
            if (array == null) {
                array = new byte[capacity(size + part.remaining())];
                if (only != null) {
                    only.duplicate().get(array, 0, size);
                    only = null;
                }
            } else if (array.length - size < part.remaining()) {
                array = Arrays.copyOf(array, capacity(size + part.remaining()));
            }
            collected = array;
            int length = part.remaining();
            part.duplicate().get(array, size, length);
            size += length;
        }

        private int capacity(int needed) {
            return (int) Math.min(limit, Math.max(1024, needed * 2L));
        }

        @Override
        public void onError(Throwable failure) {
            actual.onError(failure);
        }

        @Override
        public void onComplete() {
            actual.onNext(result());
            actual.onComplete();
        }

        private ByteBuffer result() {
            if (collected != null) {
                return ByteBuffer.wrap(collected, 0, size).slice().asReadOnlyBuffer();
            }
            return only != null ? only : EMPTY.duplicate();
        }
    }
}
