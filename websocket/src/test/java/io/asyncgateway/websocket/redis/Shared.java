package io.asyncgateway.websocket.redis;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What all tests of a class share, such as a Redis: started before the first, closed behind the last. Where it can't be started for want of a program, the
 * class is skipped, or fails where {@code CI=true}, as {@link RedisServer} says.
 *
 * <pre>{@code
 * @RegisterExtension
 * private static final Shared<RedisServer> REDIS = new Shared<>(RedisServer::start);
 * }</pre>
 */
final class Shared<T extends AutoCloseable> implements BeforeAllCallback, AfterAllCallback {
    private final Supplier<T> start;
    private T started;

    Shared(Supplier<T> start) {
        this.start = start;
    }

    /** While the tests of the class run. */
    T get() {
        return started;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        started = start.get();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (started != null) {
            started.close();
        }
    }
}
