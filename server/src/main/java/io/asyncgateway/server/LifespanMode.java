package io.asyncgateway.server;

/** Whether the application is given a lifespan. */
public enum LifespanMode {
    /** It is; an application that has none says so by {@link io.asyncgateway.api.UnsupportedScopeException}. */
    AUTO,
    /** It is, and one that has none fails the start. */
    ON,
    /** It is not. */
    OFF
}
