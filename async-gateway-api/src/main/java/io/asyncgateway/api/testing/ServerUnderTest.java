package io.asyncgateway.api.testing;

import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;

/** A running server, as far as the rules of {@link ServerConformance} need to know it. */
public interface ServerUnderTest extends AutoCloseable {
    /**
     * Where it listens.
     *
     * @return the address with the real port
     */
    SocketAddress address();

    /**
     * Begins a graceful shutdown.
     *
     * @return completes when the server has stopped and the lifespan has ended, in whatever way
     */
    CompletionStage<Void> shutdown();

    /** Stops at once, whatever is in flight, and waits until everything is released. A second call changes nothing. */
    @Override
    void close();
}
