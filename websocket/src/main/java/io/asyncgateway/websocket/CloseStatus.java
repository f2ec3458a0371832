package io.asyncgateway.websocket;

import java.util.Objects;

/**
 * How a WebSocket ended (RFC 6455 section 7.4).
 *
 * @param code the close code: the peer's, the server's, or that of the session's own close where the peer answered it; {@link #ABNORMAL} where
 *     the connection ended without one
 * @param reason the reason; empty where there is none
 */
public record CloseStatus(int code, String reason) {
    /** The purpose of the WebSocket is fulfilled. */
    public static final int NORMAL = 1000;

    /** A side goes away: the server stops, the page is left. */
    public static final int GOING_AWAY = 1001;

    /** The kind of message is none that is understood: binary where text is expected. */
    public static final int UNSUPPORTED_DATA = 1003;

    /** The connection ended without a close frame. Never sent. */
    public static final int ABNORMAL = 1006;

    /** A message is not what it claims to be: no JSON, not the JSON that was expected. */
    public static final int INVALID_DATA = 1007;

    /** A rule was broken: too slow, too many, not allowed. */
    public static final int POLICY_VIOLATION = 1008;

    /** The service failed. */
    public static final int INTERNAL_ERROR = 1011;

    /** The server restarts: come back. */
    public static final int SERVICE_RESTART = 1012;

    /** The service has too much to do. */
    public static final int TRY_AGAIN_LATER = 1013;

    /** Refuses null. */
    public CloseStatus {
        Objects.requireNonNull(reason, "reason");
    }
}
