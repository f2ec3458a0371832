package io.asyncgateway.cli;

import io.asyncgateway.blocking.BlockingApplication;
import io.asyncgateway.blocking.BlockingRequest;
import io.asyncgateway.blocking.BlockingResponse;
import java.util.Map;

/** What the tests of the process serve on worker threads. {@code /draining} is answered when the server shuts down. */
public final class ProbeBlocking implements BlockingApplication {
    @Override
    public void start(Map<String, String> settings) {
        System.err.println("start " + settings + " on " + Thread.currentThread().getName());
    }

    @Override
    public BlockingResponse handle(BlockingRequest request) {
        if (request.path().equals("/draining")) {
            System.err.println("in flight: " + request.path());
            request.scope().draining().block();
        }
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return BlockingResponse.text(
                "on " + Thread.currentThread().getName() + ", a class loader: " + (loader != null) + "\n");
    }

    @Override
    public void close() {
        System.err.println("close");
    }
}
