package io.asyncgateway.blocking;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpScope;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request, as a {@link BlockingApplication} sees it. For the thread that handles it, unless a method says otherwise. */
public interface BlockingRequest {
    /**
     * A request for a test.
     *
     * @return a builder of {@code GET /} without header fields and without a body
     */
    static BlockingRequestBuilder builder() {
        return new BlockingRequestBuilder();
    }

    /**
     * Everything that the server knows of the request: client address, TLS, state, signals. Of any thread.
     *
     * @return the scope
     */
    HttpScope scope();

    /**
     * The input, which pulls from the client: {@code read} waits for the next part and takes no more of it from the network than is asked for, plus
     * one window. Fails with {@link GatewayIOException} when the client leaves, when the body breaks the protocol, a limit or a timeout, and when
     * a deadline passes; with {@link java.io.InterruptedIOException} when its thread is interrupted for another reason, as by a shutdown whose time
     * is over. Need not be read; need not be closed. May be read by another thread than the one that handles the request, also
     * while that one writes the response.
     *
     * @return the body; always the same stream, at its end at once for a request without one
     */
    InputStream body();

    /**
     * Runs something once, when the request is over: after the last of the response was handed to the transport, or after whatever went wrong. On the
     * same thread; the last that was added runs first. What it throws is logged. The thread is not interrupted while hooks run, whatever has become of the
     * request, so that a commit in one is not torn.
     *
     * @param hook closes what the request has opened
     */
    void onClose(Runnable hook);

    /**
     * The request method, case-sensitive: {@code GET}.
     *
     * @return the method
     */
    default String method() {
        return scope().method();
    }

    /**
     * The whole path, decoded. It begins with {@link #rootPath()}.
     *
     * @return the path, without the query
     */
    default String path() {
        return scope().path();
    }

    /**
     * Where the application is mounted (CGI: {@code SCRIPT_NAME}).
     *
     * @return a prefix of the path; often empty
     */
    default String rootPath() {
        return scope().rootPath();
    }

    /**
     * The path behind {@link #rootPath()}: what an application routes by (CGI: {@code PATH_INFO}).
     *
     * @return the rest of the path
     */
    default String localPath() {
        return scope().localPath();
    }

    /**
     * The query as received, still encoded.
     *
     * @return what follows the {@code ?}; often empty
     */
    default String queryString() {
        return scope().queryString();
    }

    /**
     * The parameters of the query, decoded ({@code %} and {@code +}, as HTML forms do).
     *
     * @return all values by name, in their order
     */
    Map<String, List<String>> query();

    /**
     * The first value of a parameter of the query.
     *
     * @param name its name
     * @return its value, decoded; {@code null} where there is none
     */
    default @Nullable String query(String name) {
        List<String> values = query().get(name);
        return values == null ? null : values.get(0);
    }

    /**
     * The header fields.
     *
     * @return the fields in their order
     */
    default Headers headers() {
        return scope().headers();
    }

    /**
     * The first value of a header field.
     *
     * @param name its name, in any case
     * @return its value; {@code null} where there is none
     */
    default @Nullable String header(String name) {
        return headers().first(name);
    }
}
