package io.asyncgateway.websocket.redis;

import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with the answers of Lettuce. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Redis.class);

    private Answers() {}

    /** Calls back with the value or the failure, on the thread that has it. */
    static <T> void whenDone(CompletionStage<? extends T> answer, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        var unused = answer.whenComplete((value, failure) -> {
            try {
                then.accept(value, failure == null ? null : Failures.unwrap(failure));
            } catch (RuntimeException bug) {
                LOG.error("redis: an answer could not be worked on", bug);
            }
        });
    }

    /** Whatever comes of it. */
    static void ignore(CompletionStage<?> answer) {
        whenDone(answer, (value, failure) -> {
            if (failure != null) {
                LOG.debug("redis: a command failed", failure);
            }
        });
    }
}
