package io.asyncgateway.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long tests wait for what must come. */
final class Waiting {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int RESTS = 5;

    private Waiting() {}

    static ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE);
    }

    /** What a number has grown to, once it does not move while it is looked at several times. */
    static int awaitRest(IntSupplier number) {
        AtomicInteger before = new AtomicInteger();
        AtomicInteger rests = new AtomicInteger();
        await().until(() -> {
            int now = number.getAsInt();
            if (before.getAndSet(now) != now || now == 0) {
                rests.set(0);
                return false;
            }
            return rests.incrementAndGet() == RESTS;
        });
        return before.get();
    }
}
