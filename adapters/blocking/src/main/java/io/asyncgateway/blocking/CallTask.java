package io.asyncgateway.blocking;

import io.asyncgateway.api.RequestException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A blocking call whose result goes to a {@code Mono}. */
final class CallTask<T> extends WorkerTask {
    private static final int GATEWAY_TIMEOUT = 504;

    private final MonoSink<T> sink;
    private final Callable<? extends @Nullable T> work;
    private final boolean limited;
    private @Nullable T result;
    private volatile boolean cancelled;

    private CallTask(MonoSink<T> sink, Callable<? extends @Nullable T> work, boolean limited) {
        this.sink = sink;
        this.work = work;
        this.limited = limited;
    }

    static <T> Mono<T> mono(WorkerPool pool, Callable<? extends @Nullable T> work, boolean limited) {
        return Mono.create(sink -> {
            CallTask<T> task = new CallTask<>(sink, work, limited);
            sink.onCancel(task::giveUp);
            pool.submit(task);
        });
    }

    private void giveUp() {
        cancelled = true;
        cancel();
    }

    @Override
    protected boolean hasDeadline() {
        return limited;
    }

    @Override
    protected void run() throws Exception {
        result = work.call();
    }

    @Override
    protected void rejected(RequestException refusal) {
        if (!cancelled) {
            sink.error(refusal);
        }
    }

    @Override
    protected void deadlinePassed() {
        if (!cancelled) {
            cancelled = true;
            sink.error(new RequestException(GATEWAY_TIMEOUT, this + " is past the deadline of its task"));
        }
    }

    @Override
    protected void ended(@Nullable Throwable failure) {
        if (cancelled) {
            Operators.onDiscard(result, Context.of(sink.contextView()));
            return;
        }
        if (failure != null) {
            sink.error(failure);
        } else {
            sink.success(result);
        }
    }

    @Override
    public String toString() {
        return work.toString();
    }
}
