package io.asyncgateway.websocket;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.WebSocketApplication;
import io.asyncgateway.api.WebSocketScope;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * An application of sessions: checks the handshake, accepts, and hands a {@link WebSocketSession} to its {@link SessionHandler}.
 *
 * <pre>{@code
 * WebSocketService echo = WebSocketService.of(session -> session.messages()
 *         .concatMap(session::send, 1)
 *         .then());
 * Application app = Applications.builder().webSocket(echo).build();
 * }</pre>
 *
 * <p>Immutable and safe for use from any thread; it keeps nothing of its sessions.
 */
public final class WebSocketService implements WebSocketApplication {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketService.class);

    private final Handshake handshake;
    private final SessionOptions options;
    private final SessionHandler handler;

    private WebSocketService(Handshake handshake, SessionOptions options, SessionHandler handler) {
        this.handshake = handshake;
        this.options = options;
        this.handler = handler;
        SessionIds.next(); // seeds here, not on an event loop
    }

    /**
     * A service that accepts everybody, with the defaults.
     *
     * @param handler the work for each session
     * @return the service
     */
    public static WebSocketService of(SessionHandler handler) {
        return builder().onSession(handler).build();
    }

    /**
     * A new builder.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Mono<Void> handle(WebSocketScope scope, Receive receive, Send send) {
        return Mono.defer(() -> handshake.check(scope))
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("the handshake had no result")))
                .timeout(options.handshakeTimeout())
                .onErrorResume(TimeoutException.class, late -> {
                    LOG.warn("handshake: no result after {}", options.handshakeTimeout());
                    return Mono.just(HandshakeResult.refuse(503, "Service Unavailable\n"));
                })
                .takeUntilOther(scope.disconnected())
                .flatMap(result -> answer(result, scope, receive, send));
    }

    private Mono<Void> answer(HandshakeResult result, WebSocketScope scope, Receive receive, Send send) {
        if (result instanceof HandshakeResult.Refuse refusal) {
            return Http.respond(send, refusal.start(), refusal.body());
        }
        HandshakeResult.Accept accepted = (HandshakeResult.Accept) result;
        return send.send(options.accept(accepted))
                .then(Mono.defer(() -> run(new LiveSession(scope, receive, send, accepted, options))));
    }

    private Mono<Void> run(LiveSession session) {
        session.open();
        return Mono.firstWithSignal(work(session), session.termination())
                .doOnError(failure -> session.terminate(statusOf(failure), null))
                .doFinally(signal -> session.terminate(new CloseStatus(CloseStatus.ABNORMAL, ""), null));
    }

    private Mono<Void> work(LiveSession session) {
        return Mono.defer(() -> handler.handle(session))
                .then(Mono.defer(session::close))
                .onErrorResume(failure -> failed(session, failure))
                .then(session.closed())
                .then();
    }

    private static Mono<Void> failed(LiveSession session, Throwable failure) {
        if (failure instanceof DisconnectedException && session.isClosed()) {
            return Mono.empty(); // a send that came too late
        }
        if (failure instanceof InvalidMessageException invalid) {
            LOG.debug("session {}: {}", session.id(), failure.getMessage());
            return session.close(invalid.closeCode(), "invalid message");
        }
        return Mono.error(failure);
    }

    /** What the server closes with, as the contract says. */
    private static CloseStatus statusOf(Throwable failure) {
        int code = CloseStatus.INTERNAL_ERROR;
        if (failure instanceof RequestException refusal) {
            code = refusal.status() < 500
                    ? CloseStatus.POLICY_VIOLATION
                    : refusal.status() == 503 ? CloseStatus.TRY_AGAIN_LATER : CloseStatus.INTERNAL_ERROR;
        }
        return new CloseStatus(code, "");
    }

    /** Builds a service. Not safe for use from several threads. */
    public static final class Builder {
        private Handshake handshake = Handshakes.acceptAll();
        private SessionOptions options = SessionOptions.defaults();
        private @Nullable SessionHandler handler;

        private Builder() {}

        /**
         * Who may come in. Everybody by default.
         *
         * @param check the handshake; replaces one given before
         * @return this
         */
        public Builder handshake(Handshake check) {
            this.handshake = Objects.requireNonNull(check, "check");
            return this;
        }

        /**
         * The limits and times. {@link SessionOptions#defaults()} by default.
         *
         * @param limits the options
         * @return this
         */
        public Builder options(SessionOptions limits) {
            this.options = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /**
         * The work for each session. There must be one.
         *
         * @param work the handler; replaces one given before
         * @return this
         */
        public Builder onSession(SessionHandler work) {
            this.handler = Objects.requireNonNull(work, "work");
            return this;
        }

        /**
         * The service.
         *
         * @return a service; the builder can be used further
         * @throws IllegalStateException if there is no handler
         */
        public WebSocketService build() {
            if (handler == null) {
                throw new IllegalStateException("onSession: none (expected: a handler of sessions)");
            }
            return new WebSocketService(handshake, options, handler);
        }
    }
}
