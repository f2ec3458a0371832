package io.asyncgateway.api;

/**
 * The application does not serve this kind of scope. For a lifespan the server takes it as "has none" and goes on; a request is
 * answered with 500 and logged, since a server that gets such requests runs the wrong application.
 */
public final class UnsupportedScopeException extends GatewayException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the kind of scope.
     *
     * @param scope the scope that is not served
     */
    public UnsupportedScopeException(Scope scope) {
        super("scope not supported by this application: " + kind(scope), null, false);
    }

    private static String kind(Scope scope) {
        if (scope instanceof HttpScope) {
            return "http";
        }
        return scope instanceof WebSocketScope ? "websocket" : "lifespan";
    }
}
