package io.asyncgateway.server;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long tests wait for what must come. */
final class Waiting {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private Waiting() {}

    static ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE);
    }
}
