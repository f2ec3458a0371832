package io.asyncgateway.api;

import java.util.Map;

/**
 * The scope of the server's life, opened once before any socket is bound and closed after the last exchange. Events in:
 * {@link LifespanEvent.Startup}, then at the end {@link LifespanEvent.Shutdown}; out: {@link LifespanEvent.StartupComplete} or
 * {@link LifespanEvent.StartupFailed}, then {@link LifespanEvent.ShutdownComplete} or {@link LifespanEvent.ShutdownFailed}.
 *
 * <p>An application without a lifespan fails with {@link UnsupportedScopeException}; one that just completes without an answer has
 * failed its start-up.
 */
public non-sealed interface LifespanScope extends Scope {
    /**
     * A scope with given settings and a new, empty {@link State}, for servers and tests.
     *
     * @param settings the settings; copied
     * @return the scope
     */
    static LifespanScope of(Map<String, String> settings) {
        return new FixedLifespanScope(settings);
    }

    /**
     * The application's own settings as the server was started with them ({@code --set key=value}, or the section {@code settings} of
     * the configuration file).
     *
     * @return the settings; immutable, empty by default
     */
    Map<String, String> settings();

    /**
     * Where the application is mounted, as far as that is known before there is a request: what the root path of its requests will be
     * ({@link RequestScope#rootPath()}).
     *
     * @return the root path; {@code ""} by default
     */
    default String rootPath() {
        return "";
    }

    /**
     * The same life, of an application that is mounted at a root path.
     *
     * @param rootPath the root path: empty, or a path that begins with {@code /} and does not end with it
     * @return a view of this scope, with the same state
     * @throws IllegalArgumentException if it is no root path
     */
    default LifespanScope withRootPath(String rootPath) {
        return new MountedLifespanScope(this, rootPath);
    }
}
