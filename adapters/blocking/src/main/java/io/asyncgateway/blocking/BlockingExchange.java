package io.asyncgateway.blocking;

import io.asyncgateway.api.DeadlineExceededException;
import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.GatewayException;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * One request on its way through a {@link BlockingApplication}. The worker thread runs the application and sends all of the response but its last event: that is sent when
 * the task has ended, so that a client which has its answer finds its place in the pool free, and a short response costs one way to the event loop and
 * nobody's waiting. Where there are close hooks, which come after the response, the worker waits for that too.
 *
 * <p>The result ends once, by {@link #complete} or {@link #fail}, and never after it was cancelled.
 */
final class BlockingExchange extends WorkerTask implements CoreSubscriber<Void> {
    private static final AtomicIntegerFieldUpdater<BlockingExchange> OVER =
            AtomicIntegerFieldUpdater.newUpdater(BlockingExchange.class, "over");

    private static final int GATEWAY_TIMEOUT = 504;

    private final BlockingApplication application;
    private final BlockingOptions options;
    private final HttpScope scope;
    private final Receive receive;
    private final Send send;
    private final CoreSubscriber<? super Void> actual;
    private final ClientWatch client;

    @SuppressWarnings("UnusedVariable") // by the updater
    private volatile int over;

    private volatile boolean gone;
    private volatile boolean expired;

    /** What is left to be sent when the task has ended. */
    private @Nullable Mono<Void> end;

    BlockingExchange(
            BlockingHandler handler, HttpScope scope, Receive receive, Send send, CoreSubscriber<? super Void> actual) {
        this.application = handler.application();
        this.options = handler.options();
        this.scope = scope;
        this.receive = receive;
        this.send = send;
        this.actual = actual;
        this.client = new ClientWatch(this);
    }

    void start(WorkerPool pool) {
        actual.onSubscribe(client);
        pool.submit(this);
        if (over == 0) {
            scope.disconnected().subscribe(client);
            if (over != 0) {
                client.end(); // it has ended meanwhile, and found nothing to end
            }
        }
    }

    HttpScope scope() {
        return scope;
    }

    // ------------------------------------------------------------------------------------------------ on the worker

    @Override
    protected void run() throws Exception {
        CloseHooks hooks = new CloseHooks();
        try {
            BlockingResponse response = application.handle(new ScopeRequest(scope, new RequestStream(this), hooks));
            if (isNull(response)) {
                throw new NullPointerException("the application returned null (expected: a BlockingResponse)");
            }
            response.hooks().forEach(hooks::add);
            end = new ResponseSender(this, options.partSize()).send(response);
            if (!hooks.isEmpty()) {
                await(end);
                end = null;
            }
        } finally {
            if (!hooks.isEmpty()) {
                shelter(); // closing is to be done in any case
                hooks.run();
            }
        }
    }

    /** The contract rules null out, but applications are written by people. */
    private static boolean isNull(@Nullable Object result) {
        return result == null;
    }

    /** Waits for the next event. Any thread. */
    @Nullable
    ReceiveEvent receive() throws IOException {
        return await(receive.receive());
    }

    /** Sends an event and waits until the transport takes more. */
    void send(SendEvent event) throws IOException {
        await(send.send(event));
    }

    Send channel() {
        return send;
    }

    private <T> @Nullable T await(Mono<T> mono) throws IOException {
        requireClient();
        try {
            return Awaited.end(mono);
        } catch (InterruptedException interrupted) {
            requireClient();
            throw new InterruptedIOException("interrupted while it waited for the client");
        } catch (ProtocolViolationException mistake) {
            throw mistake;
        } catch (GatewayException failure) {
            throw new GatewayIOException(failure);
        } catch (UncheckedIOException failure) {
            throw Objects.requireNonNull(failure.getCause());
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IOException(failure);
        }
    }

    private void requireClient() throws GatewayIOException {
        if (gone) {
            throw new GatewayIOException(new DisconnectedException());
        }
        Instant deadline = scope.deadlineAt();
        if (expired || deadline != null && over != 0 && !Instant.now().isBefore(deadline)) {
            throw new GatewayIOException(new DeadlineExceededException());
        }
    }

    // ------------------------------------------------------------------------------------------------ how it ends

    @Override
    protected void rejected(RequestException refusal) {
        fail(refusal);
    }

    @Override
    protected void deadlinePassed() {
        expired = true;
        fail(new RequestException(GATEWAY_TIMEOUT, this + " is past the deadline of its task"));
    }

    @Override
    protected void ended(@Nullable Throwable failure) {
        Mono<Void> last = end;
        if (over != 0) {
            return;
        }
        if (failure != null) {
            fail(gone ? new DisconnectedException() : reason(failure));
        } else if (last == null) {
            complete();
        } else {
            last.subscribe(this);
        }
    }

    /** What the application has let through, without the wrapping that a stream had to give it. */
    private static Throwable reason(Throwable failure) {
        int depth = 0;
        for (Throwable each = failure; each != null && depth < 10; each = each.getCause()) {
            if (each instanceof GatewayIOException stream) {
                return stream.getCause();
            }
            depth++;
        }
        return failure;
    }

    /** The client has left, before the response was complete. */
    void clientLeft() {
        gone = true;
        if (options.interruptOnDisconnect()) {
            cancel();
        } else {
            cancelIfWaiting();
        }
    }

    /** The server has given up on the application: the client is gone for longer than the grace period, a deadline has passed, or it is forced down. */
    void cancelled() {
        OVER.set(this, 1);
        client.end();
        if (gone && !options.interruptOnDisconnect()) {
            cancelIfWaiting();
        } else {
            cancel();
        }
    }

    private void complete() {
        if (OVER.compareAndSet(this, 0, 1)) {
            client.end();
            actual.onComplete();
        }
    }

    private void fail(Throwable failure) {
        if (OVER.compareAndSet(this, 0, 1)) {
            client.end();
            actual.onError(failure);
        }
    }

    // ------------------------------------------------------------------------------------------------ the last event

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Void nothing) {}

    @Override
    public void onError(Throwable failure) {
        fail(failure);
    }

    @Override
    public void onComplete() {
        complete();
    }

    /** Without the query, which may hold secrets. */
    @Override
    public String toString() {
        return scope.method() + " " + scope.rawPath();
    }
}
