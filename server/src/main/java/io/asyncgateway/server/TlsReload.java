package io.asyncgateway.server;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Loads the certificates of one server and looks after their files while it runs, on Reactor's bounded elastic scheduler, since disks may block. Without TLS
 * it does nothing.
 */
final class TlsReload {
    private final @Nullable Tls config;
    private final @Nullable TlsContexts contexts;
    private final Disposable.Swap watch = Disposables.swap();

    private TlsReload(@Nullable Tls config, @Nullable TlsContexts contexts) {
        this.config = config;
        this.contexts = contexts;
    }

    /**
     * Reads the files; fails with {@link ServerException} if they are not good.
     *
     * @param protocols for ALPN
     * @param quic makes what QUIC needs, where that is spoken
     */
    static Mono<TlsReload> load(@Nullable Tls config, List<String> protocols, TlsContexts.@Nullable QuicMaker quic) {
        return config == null
                ? Mono.fromSupplier(() -> new TlsReload(null, null))
                : Mono.fromCallable(() -> new TlsReload(config, TlsContexts.load(config, protocols, quic)))
                        .subscribeOn(Schedulers.boundedElastic());
    }

    @Nullable
    TlsContexts contexts() {
        return contexts;
    }

    /** Looks at the files from now on, at the configured interval. */
    void watch() {
        if (config == null || contexts == null || config.reloadInterval().isZero()) {
            return;
        }
        long interval = config.reloadInterval().toMillis();
        Scheduler.Worker worker = Schedulers.boundedElastic().createWorker();
        worker.schedulePeriodically(contexts::reloadIfChanged, interval, interval, TimeUnit.MILLISECONDS);
        watch.update(worker);
    }

    /** Reads the files again. */
    Mono<Boolean> reload() {
        TlsContexts current = contexts;
        return current == null
                ? Mono.just(true)
                : Mono.fromCallable(current::reload).subscribeOn(Schedulers.boundedElastic());
    }

    void stop() {
        watch.dispose();
    }
}
