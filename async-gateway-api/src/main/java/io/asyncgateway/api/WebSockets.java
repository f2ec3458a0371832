package io.asyncgateway.api;

import java.util.Objects;
import java.util.function.Function;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What most WebSocket applications need, built on the public contract alone. */
public final class WebSockets {
    private WebSockets() {}

    /**
     * The messages of the peer as a stream, which completes with {@link WebSocketEvent.Disconnect} whatever its code. Each element asked
     * for is one pull, so the demand of the subscriber reaches the socket of the peer. {@link WebSocketEvent.Connect} is left out. A
     * subscriber that cancels has lost nothing.
     *
     * @param receive the channel of a {@link WebSocketScope}
     * @return the messages
     */
    public static Flux<WebSocketMessage> messages(Receive receive) {
        return new Messages(receive);
    }

    /**
     * Handles the messages of the peer strictly one after the other: the next is pulled when the handler of the one before has completed.
     *
     * <pre>{@code
     * WebSocketApplication echo = (scope, receive, send) -> send.send(new WebSocketEvent.Accept())
     *         .then(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Send(message))));
     * }</pre>
     *
     * @param receive the channel of a {@link WebSocketScope}
     * @param handler handles one message; its failure ends the loop
     * @return completes when the WebSocket is closed, by either side; fails with what the handler failed with
     */
    public static Mono<Void> forEach(Receive receive, Function<WebSocketMessage, Mono<Void>> handler) {
        return new OneByOne<>(messages(receive), Objects.requireNonNull(handler, "handler"), Mono::empty);
    }

    private static final class Messages extends Flux<WebSocketMessage> {
        private final Receive receive;

        Messages(Receive receive) {
            this.receive = receive;
        }

        @Override
        public void subscribe(CoreSubscriber<? super WebSocketMessage> actual) {
            actual.onSubscribe(new MessagePull(receive, actual));
        }
    }

    private static final class MessagePull extends EventPull<WebSocketMessage> {
        MessagePull(Receive receive, CoreSubscriber<? super WebSocketMessage> actual) {
            super(receive, actual);
        }

        @Override
        void accept(ReceiveEvent event) {
            if (event instanceof WebSocketEvent.Receive received) {
                emit(received.message());
            } else if (event instanceof WebSocketEvent.Disconnect) {
                end();
            } else if (!(event instanceof WebSocketEvent.Connect)) {
                fail(unexpected(event, "WebSocketEvent.Receive"));
            }
        }
    }
}
