package io.asyncgateway.blocking;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is to be closed at the end of a request: each once, the last first, whatever the others throw. Confined to the thread of the request. */
final class CloseHooks {
    private static final Logger LOG = LoggerFactory.getLogger(BlockingApplication.class);

    private @Nullable Deque<Runnable> hooks;

    void add(Runnable hook) {
        Objects.requireNonNull(hook, "hook");
        Deque<Runnable> known = hooks;
        if (known == null) {
            known = new ArrayDeque<>(2);
            hooks = known;
        }
        known.push(hook);
    }

    boolean isEmpty() {
        return hooks == null || hooks.isEmpty();
    }

    /** Also those that are added meanwhile. */
    void run() {
        Deque<Runnable> known = hooks;
        while (known != null && !known.isEmpty()) {
            try {
                known.pop().run();
            } catch (Throwable failure) {
                LOG.error("a close hook failed", failure);
            }
        }
    }
}
