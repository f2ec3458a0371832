package io.asyncgateway.blocking;

import java.util.Map;

/**
 * An application that blocks: one method from a request to a response, called on a thread that is its own for as long as it takes. What WSGI is to Python.
 *
 * <pre>{@code
 * public final class Orders implements BlockingApplication {
 *     public BlockingResponse handle(BlockingRequest request) throws Exception {
 *         return switch (request.method() + " " + request.localPath()) {
 *             case "GET /orders" -> BlockingResponse.of(200).body(out -> writeAll(query(request), out));
 *             case "POST /orders" -> BlockingResponse.text(201, save(request.body()));
 *             default -> BlockingResponse.text(404, "not found\n");
 *         };
 *     }
 * }
 * }</pre>
 *
 * <p>{@link Blocking#application} puts it behind the contract; the command line runs it as it is.
 *
 * <p>Called by many threads at the same time. JDBC, files, {@code Thread.sleep}, locks: all are right here. When the client leaves or a
 * deadline passes the thread is interrupted ({@link WorkerPool}).
 */
@FunctionalInterface
public interface BlockingApplication {
    /**
     * Answers a request.
     *
     * @param request the request; its body is pulled from the client as it is read
     * @return the response; its body is written after this method has returned, on the same thread
     * @throws Exception is answered with 500 and logged; {@link io.asyncgateway.api.RequestException} is answered with its status
     */
    BlockingResponse handle(BlockingRequest request) throws Exception;

    /**
     * Called once, before the first request, on a thread of the pool. May block.
     *
     * @param settings the application's own settings, as the operator gave them to the server
     * @throws Exception ends the start of the server
     */
    default void start(Map<String, String> settings) throws Exception {}

    /**
     * Called once, after the last request, if {@link #start} has not failed. May block. On a thread of its own with the pool's context class loader, so that it
     * is called whatever the pool is busy with; interrupted where the server has waited long enough.
     *
     * @throws Exception is logged, and told by the exit code of the server
     */
    default void close() throws Exception {}
}
