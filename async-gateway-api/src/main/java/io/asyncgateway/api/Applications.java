package io.asyncgateway.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Puts an {@link Application} together from handlers of one kind of scope each.
 *
 * <pre>{@code
 * Application app = Applications.builder()
 *         .http((scope, receive, send) -> Http.respond(send, 200, "hello\n"))
 *         .webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
 *                 .then(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Send(message)))))
 *         .build();
 * }</pre>
 */
public final class Applications {
    private Applications() {}

    /**
     * An application of HTTP requests alone.
     *
     * @param handler handles the requests
     * @return an application that refuses every other scope with {@link UnsupportedScopeException}
     */
    public static Application http(HttpApplication handler) {
        return builder().http(handler).build();
    }

    /**
     * An application of WebSockets alone.
     *
     * @param handler handles the WebSockets
     * @return an application that refuses every other scope with {@link UnsupportedScopeException}
     */
    public static Application webSocket(WebSocketApplication handler) {
        return builder().webSocket(handler).build();
    }

    /**
     * A new builder without handlers.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects handlers. Not safe for use from several threads. */
    public static final class Builder {
        private @Nullable HttpApplication http;
        private @Nullable WebSocketApplication webSocket;
        private @Nullable LifespanApplication lifespan;

        private Builder() {}

        /**
         * Handles HTTP requests.
         *
         * @param handler the handler; replaces one given before
         * @return this
         */
        public Builder http(HttpApplication handler) {
            this.http = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /**
         * Handles WebSockets.
         *
         * @param handler the handler; replaces one given before
         * @return this
         */
        public Builder webSocket(WebSocketApplication handler) {
            this.webSocket = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /**
         * Takes part in the life of the server.
         *
         * @param handler the handler ({@link LifespanApplication#of} makes one from two functions); replaces one given before
         * @return this
         */
        public Builder lifespan(LifespanApplication handler) {
            this.lifespan = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /**
         * The application.
         *
         * @return an application that fails with {@link UnsupportedScopeException} on a scope without a handler. The builder can be
         *     used further
         */
        public Application build() {
            return new ByKind(http, webSocket, lifespan);
        }
    }

    private record ByKind(
            @Nullable HttpApplication http,
            @Nullable WebSocketApplication webSocket,
            @Nullable LifespanApplication lifespan)
            implements Application {
        @Override
        public Mono<Void> handle(Scope scope, Receive receive, Send send) {
            if (scope instanceof HttpScope request && http != null) {
                return http.handle(request, receive, send);
            }
            if (scope instanceof WebSocketScope opening && webSocket != null) {
                return webSocket.handle(opening, receive, send);
            }
            if (scope instanceof LifespanScope life && lifespan != null) {
                return lifespan.handle(life, receive, send);
            }
            return Mono.error(new UnsupportedScopeException(scope));
        }
    }
}
