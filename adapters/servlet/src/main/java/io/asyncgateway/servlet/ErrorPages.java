package io.asyncgateway.servlet;

import java.io.IOException;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The pages of errors for which the application has none: status, path, and what it has said to {@code sendError}. Unless its details are asked for, nothing of an
 * exception, neither its stack nor its message; and nothing of the engine.
 */
final class ErrorPages {
    private ErrorPages() {}

    /** For what goes wrong outside the context. */
    static final class OfServer extends ErrorHandler {
        OfServer() {
            setShowStacks(false);
            setShowCauses(false);
            setShowOrigin(false);
        }

        @Override
        protected void generateResponse(
                Request request,
                Response response,
                int code,
                @Nullable String message,
                @Nullable Throwable cause,
                Callback callback)
                throws IOException {
            super.generateResponse(request, response, code, shown(code, message, cause), null, callback);
        }
    }

    /** For what goes wrong inside; with the application's own pages. */
    static final class OfContext extends ErrorPageErrorHandler {
        @Override
        protected void generateResponse(
                Request request,
                Response response,
                int code,
                @Nullable String message,
                @Nullable Throwable cause,
                Callback callback)
                throws IOException {
            if (isShowStacks()) {
                super.generateResponse(request, response, code, message, cause, callback);
            } else {
                super.generateResponse(request, response, code, shown(code, message, cause), null, callback);
            }
        }
    }

    /** The engine's own refusals say what is wrong with the request; other exceptions may say anything. */
    private static @Nullable String shown(int code, @Nullable String message, @Nullable Throwable cause) {
        return cause == null || cause instanceof HttpException ? message : HttpStatus.getMessage(code);
    }
}
