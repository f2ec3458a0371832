package io.asyncgateway.api;

/**
 * What came in. Sealed at its first level: {@link RequestScope} ({@link HttpScope} or {@link WebSocketScope}) or
 * {@link LifespanScope}. An application fails with {@link UnsupportedScopeException} on one that it does not serve.
 */
public sealed interface Scope permits RequestScope, LifespanScope {
    /**
     * The state that the application keeps with the server, by typed keys.
     *
     * <p>What the lifespan puts here before it answers {@link LifespanEvent.StartupComplete} is seen by every request. Each request has
     * a layer of its own above it (ASGI: a shallow copy), so what a request or its middleware puts is seen by that request alone.
     *
     * @return the state; the same object at each call
     */
    State state();
}
