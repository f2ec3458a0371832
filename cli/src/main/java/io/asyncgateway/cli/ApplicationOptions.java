package io.asyncgateway.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to serve.
 *
 * @param target the class, and the member of it if not its constructor makes the application
 * @param kinds what it may be
 * @param factory whether the member is a method without looking for a field
 * @param appDir a directory with the application's classes and jars
 * @param classPath where else its classes are, as one would give them to {@code java -cp}
 */
record ApplicationOptions(
        @Nullable Target target,
        Interface kinds,
        boolean factory,
        @Nullable Path appDir,
        List<String> classPath) {
    static final ApplicationOptions NONE = new ApplicationOptions(null, Interface.AUTO, false, null, List.of());

    ApplicationOptions {
        classPath = List.copyOf(classPath);
    }

    ApplicationOptions withTarget(Target value) {
        return new ApplicationOptions(value, kinds, factory, appDir, classPath);
    }

    ApplicationOptions withKinds(Interface value) {
        return new ApplicationOptions(target, value, factory, appDir, classPath);
    }

    ApplicationOptions withFactory(boolean value) {
        return new ApplicationOptions(target, kinds, value, appDir, classPath);
    }

    ApplicationOptions withAppDir(Path value) {
        return new ApplicationOptions(target, kinds, factory, value, classPath);
    }

    ApplicationOptions withClassPath(List<String> value) {
        return new ApplicationOptions(target, kinds, factory, appDir, value);
    }
}
