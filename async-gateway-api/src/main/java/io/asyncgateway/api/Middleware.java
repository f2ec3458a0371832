package io.asyncgateway.api;

/**
 * Wraps an application in another: the place for authentication, metrics, mounting, compression. It sees the same three things and
 * may replace each of them for the application inside.
 */
@FunctionalInterface
public interface Middleware {
    /**
     * Wraps an application. Called once, when the application is put together.
     *
     * @param next the application inside
     * @return the application that takes its place
     */
    Application wrap(Application next);

    /**
     * This middleware around another one: {@code outer.andThen(inner).wrap(app)} is {@code outer.wrap(inner.wrap(app))}.
     *
     * @param inner the middleware inside
     * @return both as one
     */
    default Middleware andThen(Middleware inner) {
        return next -> wrap(inner.wrap(next));
    }
}
