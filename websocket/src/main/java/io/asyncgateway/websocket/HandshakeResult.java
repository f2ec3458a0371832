package io.asyncgateway.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a {@link Handshake} decides. */
public sealed interface HandshakeResult {
    /**
     * Accepts, without anything else.
     *
     * @return a constant
     */
    static Accept accept() {
        return Accept.PLAIN;
    }

    /**
     * Refuses with a short text.
     *
     * @param status the status, 200 to 599: 401, 403 or 404 for instance
     * @param text the body, {@code text/plain}
     * @return the result
     */
    static Refuse refuse(int status, String text) {
        return new Refuse(
                HttpEvent.ResponseStart.of(status, "content-type", "text/plain; charset=utf-8"), UTF_8.encode(text));
    }

    /**
     * Refuses with any response.
     *
     * @param status the status, 200 to 599
     * @param headers the header fields; a {@code location} or {@code www-authenticate} for instance
     * @param body the body
     * @return the result
     */
    static Refuse refuse(int status, Headers headers, ByteBuffer body) {
        return new Refuse(new HttpEvent.ResponseStart(status, headers), body);
    }

    /**
     * The WebSocket is opened.
     *
     * @param subprotocol one of those offered, or {@code null} for none
     * @param principal the user, or {@code null} where nobody looked
     * @param headers additional header fields of the response, a cookie for instance; none of the handshake's own
     */
    record Accept(@Nullable String subprotocol, @Nullable Principal principal, Headers headers)
            implements HandshakeResult {
        private static final Accept PLAIN = new Accept(null, null, Headers.empty());

        /** Validates the fields. */
        public Accept {
            headers = Headers.copyOf(headers);
        }

        /**
         * The same with a subprotocol.
         *
         * @param chosen one of those offered
         * @return the result
         */
        public Accept withSubprotocol(String chosen) {
            return new Accept(Objects.requireNonNull(chosen, "chosen"), principal, headers);
        }

        /**
         * The same with a user.
         *
         * @param user the user
         * @return the result
         */
        public Accept withPrincipal(Principal user) {
            return new Accept(subprotocol, Objects.requireNonNull(user, "user"), headers);
        }

        /**
         * The same with one more header field.
         *
         * @param name the name
         * @param value the value
         * @return the result
         */
        public Accept withHeader(String name, String value) {
            return new Accept(
                    subprotocol, principal, headers.toBuilder().add(name, value).build());
        }

        HandshakeResult merge(HandshakeResult later) {
            if (!(later instanceof Accept accept)) {
                return later;
            }
            Headers.Builder fields = headers.toBuilder();
            accept.headers.forEach(field -> fields.add(field.getKey(), field.getValue()));
            return new Accept(
                    accept.subprotocol != null ? accept.subprotocol : subprotocol,
                    accept.principal != null ? accept.principal : principal,
                    fields.build());
        }
    }

    /**
     * The WebSocket is denied with an ordinary response.
     *
     * @param start status and header fields
     * @param body the body from position to limit
     */
    record Refuse(HttpEvent.ResponseStart start, ByteBuffer body) implements HandshakeResult {
        /** Makes the body read-only, so that one result can answer many. */
        public Refuse {
            Objects.requireNonNull(start, "start");
            body = body.asReadOnlyBuffer();
        }

        /** A buffer of the caller's own position and limit. */
        @Override
        public ByteBuffer body() {
            return body.duplicate();
        }
    }
}
