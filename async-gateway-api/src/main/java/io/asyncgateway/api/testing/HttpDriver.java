package io.asyncgateway.api.testing;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.RequestScopeBuilder;
import io.asyncgateway.api.SendEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Drives an application through one HTTP request. Made by {@link ApplicationDriver#http} and {@link ApplicationDriver#get}. */
public final class HttpDriver extends RequestDriver {
    private boolean bodyGiven;

    HttpDriver(Application application, RequestScopeBuilder.ForHttp scope, HttpEvent.@Nullable Request body) {
        this(application, scope, new Signals());
        if (body != null) {
            bodyGiven = true;
            inbox.give(body);
        }
    }

    private HttpDriver(Application application, RequestScopeBuilder.ForHttp scope, Signals signals) {
        this(application, signals.in(scope).build(), signals);
    }

    private HttpDriver(Application application, HttpScope scope, Signals signals) {
        super(application, scope, signals, SendOrder.IDLE, new ContentLength(scope.method())::check);
    }

    @Override
    void taken(SendEvent event) {
        if (outbox.order() == SendOrder.COMPLETE) {
            inbox.abortWith(ExchangeEndedException::new);
        }
    }

    /**
     * Gives a part of the body.
     *
     * @param part the event
     * @throws IllegalStateException if the last part was given before
     */
    public void give(HttpEvent.Request part) {
        if (bodyGiven) {
            throw new IllegalStateException("give: a part behind the last one (expected: nothing)");
        }
        begin();
        bodyGiven = !part.more();
        inbox.give(part);
    }

    /**
     * Gives a part of the body after which more follow.
     *
     * @param text the part, in UTF-8
     */
    public void part(String text) {
        give(new HttpEvent.Request(utf8(text), true));
    }

    /**
     * Gives the last part of the body.
     *
     * @param text the part, in UTF-8
     */
    public void lastPart(String text) {
        give(new HttpEvent.Request(utf8(text), false));
    }

    /** Gives the one event of a request without a body. */
    public void noBody() {
        give(HttpEvent.Request.empty());
    }

    /**
     * Breaks the body: behind the parts given so far every pull fails, as where the peer violates the protocol or a limit.
     *
     * @param failure what {@code receive} fails with
     */
    public void breakBody(RequestException failure) {
        begin();
        bodyGiven = true;
        inbox.failWith(() -> failure);
    }

    /**
     * The peer is gone: parts that were not pulled are dropped, pulls yield {@link HttpEvent.Disconnect}, a send that is held and every later
     * one fail, {@link io.asyncgateway.api.RequestScope#disconnected()} fires. {@link #cancel()} is what follows after the grace period.
     * Where the response is complete nothing of it happens.
     */
    public void disconnect() {
        disconnect(() -> inbox.abortWith(HttpEvent.Disconnect.instance()));
    }

    /**
     * The deadline passes: {@link io.asyncgateway.api.RequestScope#deadline()} fires, {@code receive} and {@code send} fail with
     * {@link io.asyncgateway.api.DeadlineExceededException}, and the application is cancelled where it still runs. Where the response is complete
     * nothing of it happens.
     */
    public void passDeadline() {
        expire();
    }

    /**
     * Expects a start with a status.
     *
     * @param status the status
     * @return the start
     * @throws AssertionError if it is not the next event
     */
    public HttpEvent.ResponseStart expectStart(int status) {
        HttpEvent.ResponseStart start = expect(HttpEvent.ResponseStart.class);
        if (start.status() != status) {
            throw new AssertionError(
                    "expected: status " + status + ", but the application sent " + EventText.of(start));
        }
        return start;
    }

    /**
     * Expects a part of the body after which more follow.
     *
     * @param text its content
     * @throws AssertionError if it is not the next event
     */
    public void expectPart(String text) {
        expectBody(text, true);
    }

    /**
     * Expects the last part of the body.
     *
     * @param text its content, {@code ""} for an end without bytes
     * @throws AssertionError if it is not the next event
     */
    public void expectLastPart(String text) {
        expectBody(text, false);
    }

    private void expectBody(String text, boolean more) {
        HttpEvent.ResponseBody expected = new HttpEvent.ResponseBody(utf8(text), more);
        HttpEvent.ResponseBody part = expect(HttpEvent.ResponseBody.class);
        if (!part.equals(expected)) {
            throw new AssertionError(
                    "expected: " + EventText.of(expected) + ", but the application sent " + EventText.of(part));
        }
    }

    /**
     * Expects a whole response of start, parts and, perhaps, trailers, in as many parts as the application likes.
     *
     * @return the response
     * @throws AssertionError if the application sends something else, or a part of the body is a file
     */
    public Response expectResponse() {
        HttpEvent.ResponseStart start = expect(HttpEvent.ResponseStart.class);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Headers trailers = Headers.empty();
        boolean more = true;
        while (more) {
            SendEvent event = expect(SendEvent.class);
            if (event instanceof HttpEvent.ResponseBody part) {
                byte[] bytes = new byte[part.body().remaining()];
                part.body().duplicate().get(bytes);
                body.writeBytes(bytes);
                more = part.more();
            } else if (event instanceof HttpEvent.ResponseTrailers end) {
                trailers = end.trailers();
                more = false;
            } else {
                throw new AssertionError(
                        "expected: a part of the body, but the application sent " + EventText.of(event));
            }
        }
        return new Response(
                start.status(),
                start.headers(),
                ByteBuffer.wrap(body.toByteArray()).asReadOnlyBuffer(),
                trailers);
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A whole response.
     *
     * @param status the status
     * @param headers the header fields
     * @param body the bytes of all parts, read-only
     * @param trailers the trailer fields
     */
    public record Response(int status, Headers headers, ByteBuffer body, Headers trailers) {
        /**
         * The body as text.
         *
         * @return the body decoded as UTF-8
         */
        public String text() {
            return StandardCharsets.UTF_8.decode(body.duplicate()).toString();
        }
    }
}
