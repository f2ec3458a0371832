package io.asyncgateway.servlet;

import io.asyncgateway.api.SendEvent;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One write of the engine: the events that it becomes, and, where the engine has not been told already that it is done, its callback and the buffer that it
 * gets back then.
 */
final class ResponsePart {
    private final SendEvent[] events;
    private final @Nullable ByteBuffer content;
    private final AtomicReference<@Nullable Callback> callback;
    private int index;

    /** A write that counts as done: its events hold nothing of the engine's. */
    static ResponsePart copied(SendEvent... events) {
        return new ResponsePart(null, null, events);
    }

    ResponsePart(@Nullable Callback callback, @Nullable ByteBuffer content, SendEvent... events) {
        this.callback = new AtomicReference<>(callback);
        this.content = content;
        this.events = events;
    }

    boolean hasNext() {
        return index < events.length;
    }

    SendEvent next() {
        return events[index++];
    }

    /** Whether the engine waits for it. */
    boolean isAwaited() {
        return callback.get() != null;
    }

    /** Who gets the callback has to call it: nobody else can. */
    @Nullable
    Callback take() {
        return callback.getAndSet(null);
    }

    /** The transport has taken it: the engine finds its buffer empty. */
    void consume() {
        if (content != null) {
            content.position(content.limit());
        }
    }

    /** From now on its end is a failure, for another callback too; {@code false} if it has ended. */
    boolean cancel(Throwable cause, Callback other) {
        Callback known = callback.get();
        if (known == null) {
            return false;
        }
        Callback both = Callback.from(
                known.getInvocationType(), () -> failBoth(known, other, cause), x -> failBoth(known, other, cause));
        return callback.compareAndSet(known, both);
    }

    private static void failBoth(Callback first, Callback second, Throwable cause) {
        try {
            first.failed(cause);
        } finally {
            second.failed(cause);
        }
    }
}
