package io.asyncgateway.servlet;

import io.asyncgateway.api.RequestException;
import java.io.IOException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.QuietException;

/** The server has refused the body of a request while it was read. The application sees an {@link IOException}; one that lets it through is answered with the server's status. */
final class RefusedBodyException extends IOException implements HttpException, QuietException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RefusedBodyException(RequestException refusal) {
        super(refusal.getMessage(), refusal);
        this.status = refusal.status();
    }

    @Override
    public int getCode() {
        return status;
    }

    @Override
    public String getReason() {
        return String.valueOf(getMessage());
    }
}
