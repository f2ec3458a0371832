package io.asyncgateway.cli;

import io.asyncgateway.api.Application;
import java.nio.file.Path;

/** One kind of application that the command serves: how it is known, and how it becomes one of the contract. */
interface ApplicationKind {
    /** What a class must be, or a member hold or return, to be of this kind. */
    Class<?> type();

    /**
     * Turns an instance of {@link #type()} into an application of the contract. On the main thread, which may block; the class loader of the application is
     * the thread's context class loader.
     */
    Application adapt(Object instance, Launch launch);

    /** Whether a target that is a file or a directory is of this kind. Looks at its name and what is in it; runs nothing. */
    default boolean opens(Path file) {
        return false;
    }

    /** Makes the application of a file that {@link #opens} has said yes to. Where and as {@link #adapt}. */
    default Application open(Path file, Launch launch) {
        throw new StartException("application not found: " + file + " is no " + type().getName());
    }
}
