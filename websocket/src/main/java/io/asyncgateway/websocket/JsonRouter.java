package io.asyncgateway.websocket;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import io.asyncgateway.api.WebSocketMessage;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Hands each JSON message of a session to the handler of its type, which one of its fields names: {@code {"type":"say","text":"hello"}}.
 *
 * <pre>{@code
 * record Say(String text) {}
 *
 * record Move(int x, int y) {}
 *
 * JsonRouter router = JsonRouter.builder()
 *         .on("say", Say.class, (session, say) -> room.say(session, say.text()))
 *         .on("move", Move.class, (session, move) -> board.move(session, move))
 *         .build();
 * WebSocketService service = WebSocketService.of(router);
 * }</pre>
 *
 * <p><b>Order.</b> The messages of a session are handled one after the other, each when the handler of the one before has completed;
 * {@link Builder#unordered} allows more at once. Over all sessions of this router at most {@link Builder#maxConcurrency} handlers run at once; a session
 * that finds none free waits its turn.
 *
 * <p><b>Reading ahead.</b> Meanwhile up to {@link Builder#readAhead} messages are read, so that pongs, and the close of a peer, are seen while a
 * handler is slow. Past that the session is not read, and its peer is slowed down by its own transport.
 *
 * <p><b>What does not fit.</b> A message that is no JSON object, has no type or an unknown one, or does not fit the type's class, closes the
 * session with 1007 (1003 where it is binary), unless {@link Builder#onInvalid} answers it. A handler that fails ends the session as {@link SessionHandler} says,
 * unless {@link Builder#onFailure} answers it.
 *
 * <p><b>The end.</b> When the session ends, handlers that run are cancelled, and messages that wait are dropped. Work that must outlive the
 * socket does not belong into the result of a handler.
 *
 * <p>Handlers are called on the event loop of the connection, or on the thread on which a handler before them ended. Immutable and safe for use from
 * any thread; one router serves any number of sessions.
 */
public final class JsonRouter implements SessionHandler {
    private final Map<String, Route<?>> routes;
    private final String typeField;
    final HandlerLimit limit;
    final int atOnce;
    final int readAheadMessages;
    final long readAheadBytes;
    private final @Nullable FailureHandler<? super InvalidMessageException> onInvalid;
    private final @Nullable FailureHandler<? super Throwable> onFailure;

    private JsonRouter(Builder from) {
        this.routes = Collections.unmodifiableMap(new LinkedHashMap<>(from.routes));
        this.typeField = from.typeField;
        this.limit = new HandlerLimit(from.maxConcurrency);
        this.atOnce = from.atOnce;
        this.readAheadMessages = from.readAheadMessages;
        this.readAheadBytes = from.readAheadBytes;
        this.onInvalid = from.onInvalid;
        this.onFailure = from.onFailure;
    }

    /**
     * A new builder without routes.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Routes the messages of a session. It is the subscriber of {@link WebSocketSession#messages()}.
     *
     * @param session the session
     * @return completes when the messages have ended and are handled
     */
    @Override
    public Mono<Void> handle(WebSocketSession session) {
        Objects.requireNonNull(session, "session");
        return Routing.of(this, session);
    }

    /** The work for one message. Fails at once where it does not fit. */
    Mono<Void> route(WebSocketSession session, WebSocketMessage message) {
        byte[] octets = JsonMessages.octets(message);
        Route<?> route = routes.get(session.json().field(octets, typeField));
        if (route == null) {
            throw new InvalidMessageException(typeField + ": unknown (expected: one of " + routes.keySet() + ")");
        }
        return route.handle(session, octets, typeField);
    }

    /** What answers a failure, or {@code null} where nothing does. */
    @Nullable
    Mono<Void> recover(WebSocketSession session, Throwable failure) {
        if (failure instanceof InvalidMessageException invalid) {
            return onInvalid == null ? null : onInvalid.handle(session, invalid);
        }
        return onFailure == null ? null : onFailure.handle(session, failure);
    }

    /** A handler with the form of its messages, and the reader that was used last, which is nearly always the only one. */
    private static final class Route<T> {
        private record Reader(JsonMessages json, ObjectReader reader) {}

        private final Class<T> form;
        private final MessageHandler<? super T> handler;
        private volatile @Nullable Reader last;

        Route(Class<T> form, MessageHandler<? super T> handler) {
            this.form = Objects.requireNonNull(form, "form");
            this.handler = Objects.requireNonNull(handler, "handler");
        }

        Mono<Void> handle(WebSocketSession session, byte[] octets, String typeField) {
            ObjectReader reader = reader(session.json(), typeField);
            return handler.handle(session, JsonMessages.decode(octets, reader, form));
        }

        private ObjectReader reader(JsonMessages json, String typeField) {
            Reader known = last;
            if (known == null || known.json != json) {
                known = new Reader(json, json.reader(form).withHandler(new TypeField(typeField)));
                last = known;
            }
            return known.reader;
        }
    }

    /** Lets a strict mapper read types that do not have the field that names them. */
    private static final class TypeField extends DeserializationProblemHandler {
        private final String name;

        TypeField(String name) {
            this.name = name;
        }

        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                JsonDeserializer<?> deserializer,
                Object beanOrClass,
                String propertyName)
                throws IOException {
            boolean known = propertyName.equals(name)
                    && parser.getParsingContext().getParent() != null
                    && parser.getParsingContext().getParent().inRoot();
            if (known) {
                parser.skipChildren();
            }
            return known;
        }
    }

    /** Collects routes and limits. Not safe for use from several threads. */
    public static final class Builder {
        private final Map<String, Route<?>> routes = new LinkedHashMap<>();
        private String typeField = "type";
        private int maxConcurrency = 1000;
        private int atOnce = 1;
        private int readAheadMessages = 64;
        private long readAheadBytes = 1 << 20;
        private @Nullable FailureHandler<? super InvalidMessageException> onInvalid;
        private @Nullable FailureHandler<? super Throwable> onFailure;

        private Builder() {}

        /**
         * Handles messages of a type.
         *
         * @param type the value of the type field
         * @param form what such a message is read as: a record for instance. It need not have the type field
         * @param handler handles each
         * @param <T> the class
         * @return this
         * @throws IllegalArgumentException if the type has a handler already
         */
        public <T> Builder on(String type, Class<T> form, MessageHandler<? super T> handler) {
            Objects.requireNonNull(type, "type");
            Route<T> route =
                    new Route<>(Objects.requireNonNull(form, "form"), Objects.requireNonNull(handler, "handler"));
            if (routes.putIfAbsent(type, route) != null) {
                throw new IllegalArgumentException("type: " + type + " (expected: one handler for each type)");
            }
            return this;
        }

        /**
         * Takes messages of a type and does nothing: the answers to a {@link Heartbeat} for instance.
         *
         * @param type the value of the type field
         * @return this
         * @throws IllegalArgumentException if the type has a handler already
         */
        public Builder ignore(String type) {
            return on(type, Map.class, (session, message) -> Mono.empty());
        }

        /**
         * The field that names the type of a message; {@code type} by default.
         *
         * @param name the name of the field
         * @return this
         */
        public Builder typeField(String name) {
            this.typeField = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Gives up the order of a session's messages: so many of them are handled at once.
         *
         * @param messages how many, 1 to 65536; 1, which keeps the order, by default
         * @return this
         */
        public Builder unordered(int messages) {
            this.atOnce = inRange("unordered", messages);
            return this;
        }

        /**
         * How many handlers may run at once over all sessions of the router; 1,000 by default.
         *
         * @param handlers how many, at least 1
         * @return this
         */
        public Builder maxConcurrency(int handlers) {
            if (handlers < 1) {
                throw new IllegalArgumentException("concurrency: " + handlers + " (expected: >= 1)");
            }
            this.maxConcurrency = handlers;
            return this;
        }

        /**
         * How much of a session is read while its messages wait for their handlers; 64 messages and 1 MiB by default.
         *
         * @param messages how many messages may wait, 1 to 65536
         * @param bytes no message is read while those that wait have as many bytes as this
         * @return this
         */
        public Builder readAhead(int messages, long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("read-ahead bytes: " + bytes + " (expected: >= 1)");
            }
            this.readAheadMessages = inRange("read-ahead messages", messages);
            this.readAheadBytes = bytes;
            return this;
        }

        /**
         * Answers messages that are not valid, also those for which a handler fails with {@link InvalidMessageException}. Without it the session is
         * closed with 1007.
         *
         * @param handler answers, in the order of the messages
         * @return this
         */
        public Builder onInvalid(FailureHandler<? super InvalidMessageException> handler) {
            this.onInvalid = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /**
         * Answers failures of handlers. Without it the session is closed with 1011 and the failure logged.
         *
         * @param handler answers, in the order of the messages
         * @return this
         */
        public Builder onFailure(FailureHandler<? super Throwable> handler) {
            this.onFailure = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /**
         * The router.
         *
         * @return a router; the builder can be used further
         */
        public JsonRouter build() {
            return new JsonRouter(this);
        }

        private static int inRange(String name, int value) {
            if (value < 1 || value > QueueOptions.MAX_MESSAGES) {
                throw new IllegalArgumentException(
                        name + ": " + value + " (expected: 1-" + QueueOptions.MAX_MESSAGES + ")");
            }
            return value;
        }
    }
}
