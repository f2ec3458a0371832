package io.asyncgateway.servlet;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * The start or the stop of a context. It may block for long, whatever the pool is busy with, so that it has a thread of its own, with the application's context class
 * loader. Interrupted where its result is cancelled, which is what a server does that has waited long enough; nothing comes of it then.
 */
final class LifecycleCall implements Runnable {
    /** What blocks. */
    interface Step {
        void run() throws Exception;
    }

    private final Step step;
    private final @Nullable ClassLoader contextClassLoader;
    private final MonoSink<Void> sink;
    private volatile boolean cancelled;

    private LifecycleCall(Step step, @Nullable ClassLoader contextClassLoader, MonoSink<Void> sink) {
        this.step = step;
        this.contextClassLoader = contextClassLoader;
        this.sink = sink;
    }

    /** Cold; each subscription is a call. */
    static Mono<Void> mono(Step step, @Nullable ClassLoader contextClassLoader) {
        return Mono.create(sink -> new LifecycleCall(step, contextClassLoader, sink).start());
    }

    private void start() {
        Disposable running = Schedulers.boundedElastic().schedule(this);
        sink.onCancel(() -> {
            cancelled = true;
            running.dispose(); // which interrupts it
        });
    }

    @Override
    public void run() {
        Throwable failure = call();
        if (cancelled) {
            return;
        }
        if (failure == null) {
            sink.success();
        } else {
            sink.error(failure);
        }
    }

    private @Nullable Throwable call() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(contextClassLoader);
        try {
            step.run();
            return null;
        } catch (LinkageError failure) { // which Reactor takes for fatal
            return new IllegalStateException(failure);
        } catch (Throwable failure) {
            return failure;
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
