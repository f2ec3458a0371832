package io.asyncgateway.blocking;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Virtual threads where the runtime has them, by way of method handles, since this is compiled for Java 17. */
final class VirtualThreads {
    /** {@code (String name, Runnable task) -> Thread}, not started; null where there are none. */
    private static final @Nullable MethodHandle UNSTARTED = find();

    private VirtualThreads() {}

    static boolean areSupported() {
        return UNSTARTED != null;
    }

    static Thread unstarted(String name, Runnable task) {
        MethodHandle unstarted = UNSTARTED;
        if (unstarted == null) {
            throw new UnsupportedOperationException("virtual threads: not on Java " + Runtime.version());
        }
        try {
            return (Thread) unstarted.invokeExact(name, task);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** {@code Thread.ofVirtual().inheritInheritableThreadLocals(false).name(name).unstarted(task)}. */
    private static @Nullable MethodHandle find() {
        if (Runtime.version().feature() < 21) {
            return null; // a preview in 19 and 20
        }
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandle make = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual));
            MethodHandle inherit = MethodHandles.insertArguments(
                    lookup.findVirtual(
                            builder, "inheritInheritableThreadLocals", MethodType.methodType(builder, boolean.class)),
                    1,
                    false);
            MethodHandle named = lookup.findVirtual(builder, "name", MethodType.methodType(builder, String.class));
            MethodHandle unstarted =
                    lookup.findVirtual(builder, "unstarted", MethodType.methodType(Thread.class, Runnable.class));
            MethodHandle bare =
                    MethodHandles.filterReturnValue(make, inherit.asType(MethodType.methodType(builder, ofVirtual)));
            // (builder, name, task): foldArguments supplies the builder
            MethodHandle finish = MethodHandles.collectArguments(unstarted, 0, named);
            return MethodHandles.foldArguments(finish, bare);
        } catch (ReflectiveOperationException missing) {
            return null;
        }
    }
}
