package io.asyncgateway.blocking;

import io.asyncgateway.api.GatewayException;
import java.io.IOException;
import java.util.Objects;

/**
 * A stream of a request or response can't go on, by nobody's fault here: the client has left ({@link io.asyncgateway.api.DisconnectedException}), a deadline has passed
 * ({@link io.asyncgateway.api.DeadlineExceededException}), the body was refused ({@link io.asyncgateway.api.RequestException}), or the response is complete
 * already ({@link io.asyncgateway.api.ExchangeEndedException}). Let it through: the request is then answered, or not, as the cause asks for, and nothing is
 * logged.
 */
public final class GatewayIOException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure with what lies behind it.
     *
     * @param cause why the stream can't go on
     */
    public GatewayIOException(GatewayException cause) {
        super(cause.getMessage(), Objects.requireNonNull(cause, "cause"));
    }

    @Override
    public synchronized GatewayException getCause() {
        return (GatewayException) Objects.requireNonNull(super.getCause(), "cause");
    }
}
