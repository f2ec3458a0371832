package io.asyncgateway.cli;

import io.asyncgateway.api.Application;
import io.asyncgateway.blocking.Blocking;
import io.asyncgateway.blocking.BlockingApplication;

/** A blocking application, on a pool of its own. */
final class BlockingKind implements ApplicationKind {
    @Override
    public Class<?> type() {
        return BlockingApplication.class;
    }

    @Override
    public Application adapt(Object instance, Launch launch) {
        WorkerSettings workers = launch.workers();
        return Blocking.application(
                (BlockingApplication) instance,
                workers.makePool(launch.server().timeouts().gracefulShutdown()),
                workers.options());
    }
}
