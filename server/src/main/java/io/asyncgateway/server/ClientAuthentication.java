package io.asyncgateway.server;

/** Whether a client shows a certificate (mutual TLS). */
public enum ClientAuthentication {
    /** It is not asked for one. */
    NONE,
    /** It is asked for one, and served without. One that is not trusted ends the handshake. */
    OPTIONAL,
    /** Without one that is trusted the handshake ends. */
    REQUIRED
}
