package io.asyncgateway.api;

/** There is nothing more to receive because the response is complete. Not a disconnect, and not an error of the application. Has no stack trace. */
public final class ExchangeEndedException extends GatewayException {
    private static final long serialVersionUID = 1L;

    /** The one kind there is. */
    public ExchangeEndedException() {
        super("the response is complete, nothing more will be received", null, false);
    }
}
