package io.asyncgateway.servlet;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.session.AbstractSessionCacheFactory;
import org.eclipse.jetty.session.DefaultSessionCache;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.session.SessionCache;
import org.eclipse.jetty.session.SessionManager;

/** Makes the cache of a context that has none of its own: sessions in memory, no more than a limit. */
final class SessionLimits extends AbstractSessionCacheFactory {
    private static final int SERVICE_UNAVAILABLE = 503;

    private final int maxSessions;

    SessionLimits(int maxSessions) {
        this.maxSessions = maxSessions;
    }

    @Override
    public SessionCache newSessionCache(SessionManager manager) {
        return new LimitedCache(manager);
    }

    private final class LimitedCache extends DefaultSessionCache {
        LimitedCache(SessionManager manager) {
            super(manager);
        }

        /** Past the limit the request is answered with 503, if the application lets the exception through. */
        @Override
        public ManagedSession newSession(String id, long time, long maxInactiveMs) {
            if (getSessionsCurrent() >= maxSessions) {
                throw new HttpException.IllegalStateException(
                        SERVICE_UNAVAILABLE, "there are " + maxSessions + " sessions, as many as there may be");
            }
            return super.newSession(id, time, maxInactiveMs);
        }
    }
}
