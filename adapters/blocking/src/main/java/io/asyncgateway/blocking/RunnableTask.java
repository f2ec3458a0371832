package io.asyncgateway.blocking;

import io.asyncgateway.api.RequestException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task made of two functions. */
final class RunnableTask extends WorkerTask {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

    private final Runnable work;
    private final Consumer<? super RequestException> rejected;

    RunnableTask(Runnable work, Consumer<? super RequestException> rejected) {
        this.work = Objects.requireNonNull(work, "task");
        this.rejected = Objects.requireNonNull(rejected, "rejected");
    }

    @Override
    protected void run() {
        work.run();
    }

    @Override
    protected void rejected(RequestException refusal) {
        rejected.accept(refusal);
    }

    @Override
    protected void ended(@Nullable Throwable failure) {
        if (failure != null && !(failure instanceof CancellationException)) {
            LOG.error("{} failed", this, failure);
        }
    }

    @Override
    public String toString() {
        return work.toString();
    }
}
