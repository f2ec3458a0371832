package io.asyncgateway.server;

/** A request of HTTP/2 or HTTP/3 that is none, so that its stream is to be reset (RFC 9113 section 8.1.1, RFC 9114 section 4.1.2). Has no stack trace. */
final class MalformedMessage extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedMessage(String message) {
        super(message, null, false, false);
    }
}
