package io.asyncgateway.api;

import java.util.Objects;

/**
 * The scope of an HTTP request. Events in: {@link HttpEvent.Request}, {@link HttpEvent.Disconnect}; out: {@link HttpEvent.EarlyHints},
 * {@link HttpEvent.ResponseStart}, {@link HttpEvent.ResponseBody}, {@link HttpEvent.ResponseFile}, {@link HttpEvent.ResponseTrailers}.
 *
 * <p>Servers implement it; {@link #builder()} makes one for tests. {@link HttpScopeWrapper} changes single fields for an application
 * inside a middleware.
 */
public non-sealed interface HttpScope extends RequestScope {
    /**
     * A scope of fixed values, for tests and for middleware that calls an application by itself.
     *
     * @return a builder of {@code GET /} over HTTP/1.1 without header fields
     */
    static RequestScopeBuilder.ForHttp builder() {
        return new RequestScopeBuilder.ForHttp();
    }

    /**
     * The same request, mounted at another root path.
     *
     * @param rootPath the new root path: a prefix of {@link #path()} that ends before a {@code /} or at the end
     * @return a view of this scope
     * @throws IllegalArgumentException if it is no such prefix
     */
    default HttpScope withRootPath(String rootPath) {
        RootPaths.check(rootPath, path());
        Objects.requireNonNull(rootPath, "rootPath");
        return new HttpScopeWrapper(this) {
            @Override
            public String rootPath() {
                return rootPath;
            }
        };
    }
}
