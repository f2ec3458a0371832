package io.asyncgateway.server;

/**
 * permessage-deflate as agreed on for one connection, and the native memory that goes with it. Confined to the event loop of the connection,
 * which {@link #close closes} it.
 */
final class PerMessageDeflateSession implements AutoCloseable {
    private final PerMessageDeflateParameters parameters;
    private final PerMessageDeflateReader reader;
    private final PerMessageDeflateWriter writer;
    private final Runnable onClose;
    private boolean closed;

    PerMessageDeflateSession(PerMessageDeflateParameters parameters, PerMessageDeflatePool pool, Runnable onClose) {
        this.parameters = parameters;
        this.reader = new PerMessageDeflateReader(pool, !parameters.clientNoContextTakeover());
        this.writer =
                new PerMessageDeflateWriter(pool, !parameters.serverNoContextTakeover(), parameters.serverWindow());
        this.onClose = onClose;
    }

    PerMessageDeflateParameters parameters() {
        return parameters;
    }

    PerMessageDeflateReader reader() {
        return reader;
    }

    PerMessageDeflateWriter writer() {
        return writer;
    }

    /** Frees everything, also in the middle of a message. Further calls do nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        reader.close();
        writer.close();
        onClose.run();
    }
}
