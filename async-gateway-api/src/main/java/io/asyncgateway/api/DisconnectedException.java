package io.asyncgateway.api;

/** The peer is gone: its connection or stream closed or was reset before the exchange had ended. Nobody's bug; the server never logs it as an error. Has no stack trace. */
public final class DisconnectedException extends GatewayException {
    private static final long serialVersionUID = 1L;

    /** The one kind there is. */
    public DisconnectedException() {
        super("the peer has disconnected", null, false);
    }
}
