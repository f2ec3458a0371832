package io.asyncgateway.blocking;

import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The close of an application, on a thread of its own: whatever the pool is busy with, tasks that ignore their interrupt among it, the
 * application is closed. Interrupted where its result is cancelled, which is what a server does that has waited long enough.
 */
final class CloseCall implements Runnable {
    private final BlockingApplication application;
    private final MonoSink<Void> sink;
    private volatile boolean cancelled;

    private CloseCall(BlockingApplication application, MonoSink<Void> sink) {
        this.application = application;
        this.sink = sink;
    }

    /** Cold; each subscription is a call. */
    static Mono<Void> mono(BlockingApplication application, WorkerPool pool) {
        return Mono.create(sink -> new CloseCall(application, sink).start(pool));
    }

    private void start(WorkerPool pool) {
        Thread thread = WorkerPool.platformThread(pool.options().name() + "-close", this);
        thread.setContextClassLoader(pool.contextClassLoader());
        sink.onCancel(() -> {
            cancelled = true;
            thread.interrupt();
        });
        try {
            thread.start();
        } catch (Throwable failure) { // out of native threads
            sink.error(new IllegalStateException(pool + " can't start a thread to close the application", failure));
        }
    }

    @Override
    public void run() {
        Throwable thrown = null;
        try {
            application.close();
        } catch (Throwable failure) {
            thrown = failure;
        }
        if (cancelled) {
            return;
        }
        if (thrown == null) {
            sink.success();
        } else {
            sink.error(thrown);
        }
    }
}
