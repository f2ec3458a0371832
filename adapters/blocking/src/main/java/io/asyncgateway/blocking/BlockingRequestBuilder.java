package io.asyncgateway.blocking;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.RequestScopeBuilder;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.Consumer;

/** Builds requests for tests. Not safe for use from several threads. */
public final class BlockingRequestBuilder {
    private final RequestScopeBuilder.ForHttp scope = HttpScope.builder();
    private InputStream body = InputStream.nullInputStream();

    BlockingRequestBuilder() {}

    /**
     * The method.
     *
     * @param method for example {@code POST}
     * @return this
     */
    public BlockingRequestBuilder method(String method) {
        scope.method(method);
        return this;
    }

    /**
     * The request target.
     *
     * @param target path and query, percent-encoded
     * @return this
     */
    public BlockingRequestBuilder target(String target) {
        scope.target(target);
        return this;
    }

    /**
     * Adds a header field.
     *
     * @param name its name
     * @param value its value
     * @return this
     */
    public BlockingRequestBuilder header(String name, String value) {
        scope.header(name, value);
        return this;
    }

    /**
     * The body.
     *
     * @param text the body, in UTF-8
     * @return this
     */
    public BlockingRequestBuilder body(String text) {
        return body(new ByteArrayInputStream(text.getBytes(UTF_8)));
    }

    /**
     * The body.
     *
     * @param stream the body
     * @return this
     */
    public BlockingRequestBuilder body(InputStream stream) {
        body = Objects.requireNonNull(stream, "stream");
        return this;
    }

    /**
     * Everything else that a scope has.
     *
     * @param change changes the builder of the scope
     * @return this
     */
    public BlockingRequestBuilder scope(Consumer<RequestScopeBuilder.ForHttp> change) {
        change.accept(scope);
        return this;
    }

    /**
     * The request. Its close hooks run when {@link BlockingResponse#writeTo} has written the response to it.
     *
     * @return a request of fixed values
     */
    public BlockingRequest build() {
        return new ScopeRequest(scope.build(), body, new CloseHooks());
    }
}
