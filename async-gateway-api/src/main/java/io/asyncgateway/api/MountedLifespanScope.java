package io.asyncgateway.api;

import java.util.Map;

/** A lifespan seen from an application that is mounted at a root path. */
record MountedLifespanScope(LifespanScope outer, String rootPath) implements LifespanScope {
    MountedLifespanScope {
        if (!rootPath.isEmpty() && (rootPath.charAt(0) != '/' || rootPath.endsWith("/"))) {
            throw new IllegalArgumentException(
                    "rootPath: " + rootPath + " (expected: empty, or begins with / and does not end with it)");
        }
    }

    @Override
    public Map<String, String> settings() {
        return outer.settings();
    }

    @Override
    public State state() {
        return outer.state();
    }

    @Override
    public String toString() {
        return outer + " at " + rootPath;
    }
}
