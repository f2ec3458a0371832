package io.asyncgateway.server;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.RequestScope;
import io.asyncgateway.api.WebSocketScope;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that turns failures into statuses and close codes, and says which of them an operator is told of. */
final class Failures {
    static final int INTERNAL_SERVER_ERROR = 500;
    static final int GATEWAY_TIMEOUT = 504;
    private static final int CLOSE_POLICY_VIOLATION = 1008;
    private static final int CLOSE_INTERNAL_ERROR = 1011;
    private static final int CLOSE_TRY_AGAIN_LATER = 1013;
    private static final int SERVICE_UNAVAILABLE = 503;

    private static final Logger LOG = LoggerFactory.getLogger("io.asyncgateway.server.application");

    private Failures() {}

    /** What answers a request whose application ended like this before its response had begun. */
    static PlainResponse answer(@Nullable Throwable failure) {
        return failure instanceof RequestException refusal
                ? PlainResponse.of(refusal.status(), refusal.headers())
                : PlainResponse.of(INTERNAL_SERVER_ERROR);
    }

    /** What closes a WebSocket whose application failed like this after it had accepted. */
    static int closeCode(Throwable failure) {
        if (!(failure instanceof RequestException refusal)) {
            return CLOSE_INTERNAL_ERROR;
        }
        if (refusal.status() == SERVICE_UNAVAILABLE) {
            return CLOSE_TRY_AGAIN_LATER;
        }
        return refusal.status() < INTERNAL_SERVER_ERROR ? CLOSE_POLICY_VIOLATION : CLOSE_INTERNAL_ERROR;
    }

    /** Tells the operator of an application that ended like this, where it is the application's fault. */
    static void report(RequestScope scope, @Nullable Throwable failure, boolean over) {
        if (failure == null) {
            LOG.error("{} ended without completing its response", describe(scope));
        } else if (!isNobodysFault(failure)) {
            LOG.error(over ? "{} failed after its exchange was over" : "{} failed", describe(scope), failure);
        }
    }

    /** Tells the operator of a lifespan that ended while the server serves. */
    static void reportLifespan(@Nullable Throwable failure) {
        if (failure != null) {
            LOG.error("application failed in its lifespan; the server goes on", failure);
        }
    }

    static boolean isNobodysFault(Throwable failure) {
        return failure instanceof DisconnectedException
                || failure instanceof RequestException
                || failure instanceof ExchangeEndedException;
    }

    /** Without the query, which may hold secrets. */
    static String describe(RequestScope scope) {
        String kind = scope instanceof WebSocketScope ? "WebSocket" : scope.method();
        return "application for " + kind + " " + scope.rawPath();
    }
}
