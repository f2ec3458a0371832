package io.asyncgateway.api;

import java.nio.ByteBuffer;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/** The parts of a request's body, pulled as they are demanded. */
final class HttpBody extends Flux<ByteBuffer> {
    private final Receive receive;

    HttpBody(Receive receive) {
        this.receive = receive;
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuffer> actual) {
        actual.onSubscribe(new Parts(receive, actual));
    }

    private static final class Parts extends EventPull<ByteBuffer> {
        Parts(Receive receive, CoreSubscriber<? super ByteBuffer> actual) {
            super(receive, actual);
        }

        @Override
        void accept(ReceiveEvent event) {
            if (event instanceof HttpEvent.Request part) {
                if (part.body().hasRemaining()) {
                    emit(part.body());
                }
                if (!part.more()) {
                    end();
                }
            } else if (event instanceof HttpEvent.Disconnect) {
                fail(new DisconnectedException());
            } else {
                fail(unexpected(event, "HttpEvent.Request"));
            }
        }
    }
}
