package io.asyncgateway.server;

import java.util.Locale;

/** A request field in which a proxy tells of what is before it. */
public enum ForwardedHeader {
    /** {@code Forwarded} (RFC 7239): client, scheme and host in one. */
    FORWARDED,
    /** {@code X-Forwarded-For}: the client, and the proxies behind it. */
    X_FORWARDED_FOR,
    /** {@code X-Forwarded-Proto}: the scheme. */
    X_FORWARDED_PROTO,
    /** {@code X-Forwarded-Host}: what the client asked for as {@code Host}. */
    X_FORWARDED_HOST,
    /** {@code X-Forwarded-Prefix}: the prefix that the proxy has taken off the path. */
    X_FORWARDED_PREFIX;

    private final String field = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /**
     * The name of the field.
     *
     * @return the name in lower case
     */
    public String field() {
        return field;
    }
}
