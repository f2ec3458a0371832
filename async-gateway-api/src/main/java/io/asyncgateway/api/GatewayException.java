package io.asyncgateway.api;

import org.jspecify.annotations.Nullable;

/**
 * A failure that the contract names. Whose fault it is says the type: the application's ({@link ProtocolViolationException},
 * {@link UnsupportedScopeException}), the peer's ({@link RequestException}, {@link DisconnectedException}), or nobody's
 * ({@link DeadlineExceededException}, {@link ExchangeEndedException}).
 */
public abstract sealed class GatewayException extends RuntimeException
        permits ProtocolViolationException,
                UnsupportedScopeException,
                RequestException,
                DisconnectedException,
                DeadlineExceededException,
                ExchangeEndedException {
    private static final long serialVersionUID = 1L;

    GatewayException(String message, @Nullable Throwable cause, boolean stackTrace) {
        super(message, cause, stackTrace, stackTrace);
    }
}
