package io.asyncgateway.servlet;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.Send;
import io.asyncgateway.blocking.WorkerTask;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * One request on its way through the engine: the engine's {@link HttpStream} on one side, the application's result on the other. The request is handed to a worker when
 * it is subscribed; the result ends when the engine is through with it and all that it has written has been taken.
 *
 * <pre>
 *   waiting for a worker ──► handled ──► the engine is through ──► all is sent ──► the result completes
 *   any ──(the peer is gone, or the server cancels)──► the engine's reads and writes fail ──► the engine is through ──► the result fails
 * </pre>
 *
 * <p>The engine calls from workers, the server from the event loop. What the event loop has to tell goes through {@link Engine#dispatch}, so that it never waits
 * for a lock of the engine.
 */
final class Exchange extends Mono<Void> implements Subscription, HttpStream {
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int FINAL = 200;
    private static final int GATEWAY_TIMEOUT = 504;
    private static final Duration TELL_AGAIN = Duration.ofSeconds(1);
    private static final AtomicLong IDS = new AtomicLong();

    /** Asked for more than once, of one request. */
    private final String id = Long.toString(IDS.incrementAndGet());

    private final Engine engine;
    private final HttpScope scope;
    private final RequestContent input;
    private final ResponseContent output;
    private final AtomicBoolean subscribed = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Why the engine is to give up, from the moment that this is known. */
    private final AtomicReference<@Nullable Throwable> cause = new AtomicReference<>();

    private final AtomicBoolean told = new AtomicBoolean();

    /** Whether a worker is to tell the listener. */
    private final AtomicBoolean telling = new AtomicBoolean();

    private final AtomicReference<@Nullable Consumer<Throwable>> failureListener = new AtomicReference<>();
    private @Nullable CoreSubscriber<? super Void> actual;
    private volatile @Nullable WorkerTask task;

    /** Set once the engine handles the request: only then can it be told of a failure. */
    private volatile @Nullable HttpChannel channel;

    private volatile boolean through;

    Exchange(Engine engine, HttpScope scope, Receive receive, Send send) {
        this.engine = engine;
        this.scope = scope;
        this.input = new RequestContent(receive, this, RequestHead.hasNoBody(scope));
        this.output = new ResponseContent(send, this);
    }

    HttpScope scope() {
        return scope;
    }

    // ------------------------------------------------------------------------------------------------ the result

    @Override
    public void subscribe(CoreSubscriber<? super Void> subscriber) {
        if (!subscribed.compareAndSet(false, true)) {
            Operators.error(subscriber, new IllegalStateException("subscribed a second time (expected: once)"));
            return;
        }
        actual = subscriber;
        subscriber.onSubscribe(this);
        // A peer may leave while its body is not read, so that waiting for Disconnect would not do.
        scope.disconnected()
                .subscribe(nothing -> {}, failure -> {}, () -> giveUp(new EofException("the peer is gone")));
        WorkerTask submitted = engine.submit(this);
        task = submitted;
        if (cause.get() != null) {
            submitted.cancelIfWaiting();
        }
    }

    /** There is nothing to ask for. */
    @Override
    public void request(long n) {
        Operators.validate(n);
    }

    /** Comes at the deadline, after the disconnect grace period, and when the server is forced down. */
    @Override
    public void cancel() {
        ended.set(true);
        giveUp(new EofException("the server has cancelled the request"));
    }

    private void end(@Nullable Throwable failure) {
        CoreSubscriber<? super Void> subscriber = actual;
        if (subscriber == null || !ended.compareAndSet(false, true)) {
            return;
        }
        if (failure == null) {
            subscriber.onComplete();
        } else {
            subscriber.onError(failure);
        }
    }

    /** No worker has taken it, or what is around the engine has failed. */
    void refused(Throwable refusal) {
        abort(refusal);
    }

    /** The response can't be finished: the server is to end it so that the peer can see that. */
    void abort(Throwable failure) {
        end(isGone(failure) ? new DisconnectedException() : failure);
    }

    private boolean isGone(Throwable failure) {
        return cause.get() != null
                || failure instanceof DisconnectedException
                || failure.getCause() instanceof DisconnectedException;
    }

    // ------------------------------------------------------------------------------------------- handling, on a worker

    void handle() {
        if (cause.get() != null) {
            end(new DisconnectedException()); // nobody waits for the answer
            return;
        }
        MetaData.Request head;
        String prefix;
        try {
            prefix = RequestHead.prefix(scope, engine.started(scope.rootPath()));
            head = RequestHead.of(scope, prefix);
        } catch (RuntimeException failure) {
            end(failure);
            return;
        }
        HttpChannel created = engine.newChannel(this, prefix);
        created.setHttpStream(this);
        created.onRequest(head).run();
        if (cause.get() != null) {
            tellListener(); // it did not hear it while the application ran
        }
    }

    /** The engine has begun to handle the request. */
    void handled(HttpChannel handling) {
        channel = handling;
        if (cause.get() != null) {
            tell();
        }
    }

    private void giveUp(EofException failure) {
        if (!cause.compareAndSet(null, failure)) {
            return;
        }
        output.close(failure);
        WorkerTask submitted = task;
        if (channel != null) {
            tell();
        } else if (submitted != null) {
            // Makes room for another. A worker that runs is not interrupted: what it reads and writes fails, the rest
            // is its own business.
            submitted.cancelIfWaiting();
        }
    }

    /** A worker is to be interrupted, which the pool does where it has a deadline for its tasks. */
    void tookTooLong() {
        if (through) {
            return; // it goes on with something else, while the peer is sent its answer
        }
        end(new RequestException(GATEWAY_TIMEOUT, "the servlet has run for longer than the worker pool lets it"));
        giveUp(new EofException("the worker pool's deadline has passed"));
    }

    private void tell() {
        if (!through && told.compareAndSet(false, true)) {
            engine.completions().execute(this::fail);
        }
    }

    private void fail() {
        HttpChannel handling = channel;
        Throwable failure = cause.get();
        if (handling == null || failure == null || through) {
            return;
        }
        Runnable task = handling.onFailure(failure);
        if (task == null) {
            tellListenerLater();
        } else {
            engine.dispatch(this, Invocable.from(Invocable.getInvocationType(task), () -> {
                task.run();
                tellListenerLater();
            }));
        }
    }

    /**
     * The engine's asynchronous requests want to hear of a failure. They don't heed it while the application handles the request, and would not hear of it a second
     * time, so that it is told by this and not by the engine's channel.
     */
    void addFailureListener(Consumer<Throwable> listener) {
        failureListener.accumulateAndGet(listener, (known, more) -> known == null ? more : known.andThen(more));
    }

    /** Where an asynchronous request waits, its listeners are told, and it comes to its end. */
    private void tellListener() {
        Consumer<Throwable> listener = failureListener.get();
        Throwable failure = cause.get();
        if (listener != null && failure != null && !through) {
            listener.accept(failure);
        }
    }

    /** Now, and from time to time for as long as the engine has the request. Where the workers have no time, it is told once when they have. */
    private void tellListenerLater() {
        if (through) {
            return;
        }
        if (failureListener.get() != null && telling.compareAndSet(false, true)) {
            engine.run(this, this::tellListenerNow);
        }
        engine.later(TELL_AGAIN, this::tellListenerLater);
    }

    private void tellListenerNow() {
        try {
            tellListener();
        } finally {
            telling.set(false);
        }
    }

    // ----------------------------------------------------------------------------------------- from the two directions

    /** The engine waits for content, and there is some; on its own thread. */
    void contentAvailable() {
        HttpChannel handling = channel;
        Runnable task = handling == null ? null : handling.onContentAvailable();
        if (task != null) {
            task.run();
        }
    }

    /** The same on the event loop. */
    void contentArrived() {
        engine.completions().execute(() -> {
            HttpChannel handling = channel;
            Runnable task = handling == null || through ? null : handling.onContentAvailable();
            if (task != null) {
                engine.dispatch(this, task);
            }
        });
    }

    /** A write that the engine waits for is through. */
    void sent(Callback callback) {
        engine.complete(this, callback);
    }

    /** A write that the engine waits for has failed. */
    void notSent(Callback callback, Throwable failure) {
        engine.fail(this, callback, failure);
    }

    /** Nothing was on its way to the peer a moment ago. Meanwhile a worker may have written more, and been through with that. */
    void responseIdle() {
        if (through && output.isIdle()) {
            end(null);
        }
    }

    /** A send has failed; the engine learns of it at its next write. */
    void sendFailed(Throwable failure) {
        if (through) {
            abort(failure);
        }
    }

    // ------------------------------------------------------------------------------------------------ HttpStream

    @Override
    public String getId() {
        return id;
    }

    @Override
    public Content.@Nullable Chunk read() {
        return input.read();
    }

    @Override
    public void demand() {
        input.demand();
    }

    @Override
    public void prepareResponse(HttpFields.Mutable headers) {}

    @Override
    public void send(
            MetaData.Request request,
            MetaData.@Nullable Response response,
            boolean last,
            @Nullable ByteBuffer content,
            Callback callback) {
        if (response == null || response.getStatus() >= FINAL) {
            output.write(response, last, content, callback);
        } else if (response.getStatus() == SWITCHING_PROTOCOLS || last) {
            callback.failed(new IllegalStateException("status: " + response.getStatus() + " (expected: " + FINAL
                    + " or above; a connection is not a servlet's here)"));
        } else {
            output.interim(response, callback);
        }
    }

    @Override
    public Runnable cancelSend(Throwable failure, Callback appCallback) {
        return () -> output.cancel(failure, appCallback);
    }

    /** Time is the server's to limit. */
    @Override
    public long getIdleTimeout() {
        return 0;
    }

    @Override
    public void setIdleTimeout(long idleTimeoutMs) {}

    @Override
    public boolean isCommitted() {
        return output.isCommitted();
    }

    /** The server drains what was not read, or closes the connection. */
    @Override
    public @Nullable Throwable consumeAvailable() {
        input.abandon();
        return null;
    }

    @Override
    public void succeeded() {
        through = true;
        Throwable failure = output.failure();
        if (failure != null) {
            abort(failure);
        } else if (output.isIdle()) {
            end(null);
        }
    }

    @Override
    public void failed(Throwable failure) {
        through = true;
        abort(failure);
    }
}
