package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import java.util.List;

/**
 * What the server adds to each HTTP exchange.
 *
 * @param serverHeader whether responses carry {@code server: async-gateway} where the application sets none. Default true
 * @param dateHeader whether responses carry {@code date} where the application sets none. Default true
 * @param headers fields added to every response of the application; one that the application sets itself wins. Default none
 * @param rootPath where the application is mounted by a proxy that strips the prefix: prepended to the path and set as the root path. Default empty
 */
public record HttpOptions(boolean serverHeader, boolean dateHeader, Headers headers, String rootPath) {
    private static final List<String> FRAMING =
            List.of("content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer");
    private static final HttpOptions DEFAULTS = new HttpOptions(true, true, Headers.empty(), "");

    /** Validates each value. */
    public HttpOptions {
        headers = Headers.copyOf(headers);
        for (String framing : FRAMING) {
            if (headers.contains(framing)) {
                throw new IllegalArgumentException(
                        "headers: " + framing + " (expected: no field of the framing, which is the server's)");
            }
        }
        if (!rootPath.isEmpty() && (!rootPath.startsWith("/") || rootPath.endsWith("/"))) {
            throw new IllegalArgumentException(
                    "rootPath: " + rootPath + " (expected: empty, or begins with / and does not end with it)");
        }
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static HttpOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@link #serverHeader()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public HttpOptions withServerHeader(boolean value) {
        return new HttpOptions(value, dateHeader, headers, rootPath);
    }

    /**
     * The same with another {@link #dateHeader()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public HttpOptions withDateHeader(boolean value) {
        return new HttpOptions(serverHeader, value, headers, rootPath);
    }

    /**
     * The same with another {@link #headers()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public HttpOptions withHeaders(Headers value) {
        return new HttpOptions(serverHeader, dateHeader, value, rootPath);
    }

    /**
     * The same with another {@link #rootPath()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public HttpOptions withRootPath(String value) {
        return new HttpOptions(serverHeader, dateHeader, headers, value);
    }
}
