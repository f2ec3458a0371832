package io.asyncgateway.server;

/** The beginning of a connection is no header of the PROXY protocol, though it must be. Has no stack trace. */
final class ProxyHeaderException extends Exception {
    private static final long serialVersionUID = 1L;

    ProxyHeaderException(String message) {
        super(message, null, false, false);
    }
}
