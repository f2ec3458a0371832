package io.asyncgateway.blocking;

import java.io.OutputStream;

/** Writes the body of a response. */
@FunctionalInterface
public interface BodyWriter {
    /**
     * Writes the body. The bytes are sent in parts of {@link BlockingOptions#partSize()}; {@code flush} sends what there is, and the
     * head, at once. A write blocks while the client takes no more, and fails with {@link GatewayIOException} when it has left. The response is complete when this
     * method returns; a failure aborts it, unless nothing has been sent: then it is answered with 500. Closing the stream is not needed and does nothing
     * but refuse further writes.
     *
     * @param out takes the body; for one thread at a time
     * @throws Exception aborts the response
     */
    void writeTo(OutputStream out) throws Exception;
}
