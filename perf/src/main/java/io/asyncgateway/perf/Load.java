package io.asyncgateway.perf;

import java.io.IOException;

/** A load generator, on a processor of its own. */
interface Load extends AutoCloseable {
    /** Keeps the server busy for so many seconds and counts the answers. Fails where one was not as expected. */
    long run(int port, Scenario scenario, int seconds) throws IOException;

    @Override
    void close() throws IOException;
}
