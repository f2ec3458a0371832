package io.asyncgateway.websocket.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a node is connected with Redis, 7.0 or later. The forms of the URI are:
 *
 * <table>
 *   <caption>URIs; each host may have a port, and {@code user:password@} stands before the first</caption>
 *   <tr><th>form</th><th>what it is</th></tr>
 *   <tr><td>{@code redis://host:6379/0}</td><td>one server; the number is the database</td></tr>
 *   <tr><td>{@code rediss://host:6379/0}</td><td>the same over TLS</td></tr>
 *   <tr><td>{@code redis-sentinel://host1:26379,host2:26379/0#mymaster}</td><td>the primary that these Sentinels name</td></tr>
 *   <tr><td>{@code rediss-sentinel://...}</td><td>the same over TLS</td></tr>
 *   <tr><td>{@code redis-cluster://host1:7000,host2:7001,host3:7002}</td><td>a Cluster, found through any of these nodes</td></tr>
 *   <tr><td>{@code rediss-cluster://...}</td><td>the same over TLS</td></tr>
 * </table>
 *
 * <p>A password with reserved characters is percent-encoded. {@code ?verifyPeer=NONE|CA|FULL} says how the certificate of a TLS server is checked
 * ({@code FULL}: also its name; default).
 *
 * @param uri where Redis is. Default {@code redis://127.0.0.1:6379}
 * @param keyPrefix what the names of all keys and pub/sub channels begin with; services that share a Redis have different ones. ASCII letters,
 *     digits, {@code -_.:}. Default {@code asyncgateway}
 * @param connectTimeout for a connection to be made and greeted. Default 5 s
 * @param commandTimeout for the answer to a command; past it the sender is told that the message may be lost. Default 2 s
 * @param pingInterval between looks whether a connection still answers. Default 5 s
 * @param reconnectDelay the longest pause between two attempts to connect again; the first ones come sooner. Default 1 s
 * @param requestQueue commands that may wait for their answers on a connection; past it a send fails at once. Default 10,000
 * @param ioThreads threads that serve all connections to Redis; at least 2. Default 2
 * @param certificateAuthorities a PEM file with the certificates to trust in place of the JVM's; {@code null} for the JVM's (default)
 */
public record RedisOptions(
        String uri,
        String keyPrefix,
        Duration connectTimeout,
        Duration commandTimeout,
        Duration pingInterval,
        Duration reconnectDelay,
        int requestQueue,
        int ioThreads,
        @Nullable Path certificateAuthorities) {
    private static final RedisOptions DEFAULTS = new RedisOptions(
            "redis://127.0.0.1:6379",
            "asyncgateway",
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            10_000,
            2,
            null);

    /** Validates each value; what the URI says is looked at when it is connected to. */
    public RedisOptions {
        Objects.requireNonNull(uri, "uri");
        if (!keyPrefix.matches("[A-Za-z0-9._:-]{1,50}")) {
            throw new IllegalArgumentException(
                    "keyPrefix: " + keyPrefix + " (expected: 1-50 ASCII letters, digits, '-', '_', '.' or ':')");
        }
        Check.duration("connectTimeout", connectTimeout);
        Check.duration("commandTimeout", commandTimeout);
        Check.duration("pingInterval", pingInterval);
        Check.duration("reconnectDelay", reconnectDelay);
        Check.range("requestQueue", requestQueue, 1, 10_000_000);
        Check.range("ioThreads", ioThreads, 2, 1024);
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static RedisOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The defaults with a URI.
     *
     * @param uri where Redis is
     * @return the options
     */
    public static RedisOptions of(String uri) {
        return DEFAULTS.withUri(uri);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "RedisOptions[" + RedisAddress.withoutPassword(uri) + ", keyPrefix=" + keyPrefix + "]";
    }

    /**
     * The same with another {@link #uri()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public RedisOptions withUri(String value) {
        return new RedisOptions(
                value,
                keyPrefix,
                connectTimeout,
                commandTimeout,
                pingInterval,
                reconnectDelay,
                requestQueue,
                ioThreads,
                certificateAuthorities);
    }

    /**
     * The same with another {@link #keyPrefix()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public RedisOptions withKeyPrefix(String value) {
        return new RedisOptions(
                uri,
                value,
                connectTimeout,
                commandTimeout,
                pingInterval,
                reconnectDelay,
                requestQueue,
                ioThreads,
                certificateAuthorities);
    }

    /**
     * The same with another {@link #connectTimeout()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public RedisOptions withConnectTimeout(Duration value) {
        return new RedisOptions(
                uri,
                keyPrefix,
                value,
                commandTimeout,
                pingInterval,
                reconnectDelay,
                requestQueue,
                ioThreads,
                certificateAuthorities);
    }

    /**
     * The same with another {@link #commandTimeout()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public RedisOptions withCommandTimeout(Duration value) {
        return new RedisOptions(
                uri,
                keyPrefix,
                connectTimeout,
                value,
                pingInterval,
                reconnectDelay,
                requestQueue,
                ioThreads,
                certificateAuthorities);
    }

    /**
     * The same with another {@link #pingInterval()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public RedisOptions withPingInterval(Duration value) {
        return new RedisOptions(
                uri,
                keyPrefix,
                connectTimeout,
                commandTimeout,
                value,
                reconnectDelay,
                requestQueue,
                ioThreads,
                certificateAuthorities);
    }

    /**
     * The same with another {@link #reconnectDelay()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public RedisOptions withReconnectDelay(Duration value) {
        return new RedisOptions(
                uri,
                keyPrefix,
                connectTimeout,
                commandTimeout,
                pingInterval,
                value,
                requestQueue,
                ioThreads,
                certificateAuthorities);
    }

    /**
     * The same with another {@link #requestQueue()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public RedisOptions withRequestQueue(int value) {
        return new RedisOptions(
                uri,
                keyPrefix,
                connectTimeout,
                commandTimeout,
                pingInterval,
                reconnectDelay,
                value,
                ioThreads,
                certificateAuthorities);
    }

    /**
     * The same with another {@link #ioThreads()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public RedisOptions withIoThreads(int value) {
        return new RedisOptions(
                uri,
                keyPrefix,
                connectTimeout,
                commandTimeout,
                pingInterval,
                reconnectDelay,
                requestQueue,
                value,
                certificateAuthorities);
    }

    /**
     * The same with another {@link #certificateAuthorities()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public RedisOptions withCertificateAuthorities(@Nullable Path value) {
        return new RedisOptions(
                uri,
                keyPrefix,
                connectTimeout,
                commandTimeout,
                pingInterval,
                reconnectDelay,
                requestQueue,
                ioThreads,
                value);
    }
}
