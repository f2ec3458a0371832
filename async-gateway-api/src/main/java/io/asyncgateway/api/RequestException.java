package io.asyncgateway.api;

import org.jspecify.annotations.Nullable;

/**
 * The request is refused with a status. Most often since it can't be served as it is: malformed, too large, too slow; {@link Receive} fails
 * with it where the server finds out while the body is read. Or since nobody has the room to serve it now (503). Helpers and applications may
 * make their own. Let through by the application before its response has begun, it is answered with its status, its fields and a
 * small plain body that has nothing of the message in it; it is never logged as an error.
 *
 * <pre>{@code
 * return Mono.error(new RequestException(503, Headers.of("retry-after", "5"), "no connection to the database is free"));
 * }</pre>
 */
public final class RequestException extends GatewayException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** Lost where the exception is serialized, which nothing here does. */
    private final transient @Nullable Headers headers;

    /**
     * A refusal with a status.
     *
     * @param status 400 to 599
     * @param message for the log: what was wrong and what was expected; never sent to the peer
     * @throws IllegalArgumentException if the status is not valid
     */
    public RequestException(int status, String message) {
        this(status, Headers.empty(), message);
    }

    /**
     * A refusal with a status and header fields, as some of them ask for: {@code retry-after} with 503, {@code allow} with 405,
     * {@code www-authenticate} with 401.
     *
     * @param status 400 to 599
     * @param headers the fields of the response beside those that the server makes, such as {@code content-type}
     * @param message for the log: what was wrong and what was expected; never sent to the peer
     * @throws IllegalArgumentException if the status is not valid
     */
    public RequestException(int status, Headers headers, String message) {
        super(message, null, false);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 400-599)");
        }
        this.status = status;
        this.headers = Headers.copyOf(headers);
    }

    /**
     * The status that answers the request.
     *
     * @return 400 to 599
     */
    public int status() {
        return status;
    }

    /**
     * The header fields that go with the status.
     *
     * @return the fields; often none
     */
    public Headers headers() {
        Headers known = headers;
        return known == null ? Headers.empty() : known;
    }
}
