package io.asyncgateway.blocking;

/** The threads of a {@link WorkerPool}. */
interface Workers {
    /** A task has come into the pool's queue: a thread is found for it, if one is free. Never blocks. */
    void taskQueued();

    /** How many threads there are. */
    int threads();

    /** Threads that have nothing to do end. */
    void close();
}
