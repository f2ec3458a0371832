package io.asyncgateway.blocking;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Erases all thread-locals of the current thread, as the JDK does for threads of its own, where it may: the JVM must have been started with
 * {@code --add-opens java.base/java.lang=ALL-UNNAMED}, as the command {@code async-gateway} is.
 */
final class ThreadLocals {
    private static final @Nullable MethodHandle ERASE = eraser("threadLocals");
    private static final @Nullable MethodHandle ERASE_INHERITABLE = eraser("inheritableThreadLocals");

    private ThreadLocals() {}

    static boolean canErase() {
        return ERASE != null && ERASE_INHERITABLE != null;
    }

    static void erase() {
        MethodHandle erase = ERASE;
        MethodHandle eraseInheritable = ERASE_INHERITABLE;
        if (erase == null || eraseInheritable == null) {
            return;
        }
        Thread current = Thread.currentThread();
        try {
            erase.invokeExact(current);
            eraseInheritable.invokeExact(current);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** {@code thread -> thread.field = null}, or null where java.lang is closed to us. */
    private static @Nullable MethodHandle eraser(String field) {
        try {
            Class<?> map = Class.forName("java.lang.ThreadLocal$ThreadLocalMap");
            MethodHandle setter = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                    .findSetter(Thread.class, field, map)
                    .asType(MethodType.methodType(void.class, Thread.class, Object.class));
            return MethodHandles.insertArguments(setter, 1, (Object) null);
        } catch (ReflectiveOperationException closed) {
            return null;
        }
    }
}
