package io.asyncgateway.api;

import java.util.Map;

/** What {@link LifespanScope#of(Map)} makes. */
final class FixedLifespanScope implements LifespanScope {
    private final Map<String, String> settings;
    private final State state = new State();

    FixedLifespanScope(Map<String, String> settings) {
        this.settings = Map.copyOf(settings);
    }

    @Override
    public Map<String, String> settings() {
        return settings;
    }

    @Override
    public State state() {
        return state;
    }

    /** Names alone: values may be secrets. */
    @Override
    public String toString() {
        return "lifespan " + settings.keySet();
    }
}
