package io.asyncgateway.api;

import java.util.Objects;

/**
 * A typed key of {@link State}. Keys are compared by identity: keep each in a {@code static final} field.
 *
 * @param <T> the type of the value
 */
public final class StateKey<T> {
    private final String name;
    private final Class<T> type;

    private StateKey(String name, Class<T> type) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = Objects.requireNonNull(type, "type");
    }

    /**
     * A new key.
     *
     * @param name for messages alone; need not be unique
     * @param type the type of the values
     * @param <T> the type of the values
     * @return the key
     */
    public static <T> StateKey<T> of(String name, Class<T> type) {
        return new StateKey<>(name, type);
    }

    /**
     * The type of the values.
     *
     * @return the type
     */
    public Class<T> type() {
        return type;
    }

    @Override
    public String toString() {
        return name + " (" + type.getSimpleName() + ")";
    }
}
