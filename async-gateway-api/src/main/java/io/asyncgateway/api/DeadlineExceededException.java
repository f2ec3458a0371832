package io.asyncgateway.api;

/** The deadline of the request has passed ({@link RequestScope#deadline()}). Has no stack trace. */
public final class DeadlineExceededException extends GatewayException {
    private static final long serialVersionUID = 1L;

    /** The one kind there is. */
    public DeadlineExceededException() {
        super("the deadline of the request has passed", null, false);
    }
}
