package io.asyncgateway.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What responses say of where else the same is served (RFC 7838): over HTTP/3, from the moment on at which that is listened for. Safe for use from any thread. */
final class AlternativeService {
    private volatile @Nullable String field;

    /** HTTP/3 is served on a port of the same host (RFC 9114 section 3.1.1). */
    void http3(int port, Duration maxAge) {
        field = maxAge.isZero() ? null : "h3=\":" + port + "\"; ma=" + maxAge.toSeconds();
    }

    /** Nothing more is taken there: who comes again is not to try it. */
    void gone() {
        field = null;
    }

    /** The value of {@code alt-svc}, or {@code null} where there is nothing to say. */
    @Nullable
    String field() {
        return field;
    }
}
