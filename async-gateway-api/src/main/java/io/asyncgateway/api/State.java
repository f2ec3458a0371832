package io.asyncgateway.api;

import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Values by typed key, in layers: a layer sees its own values first and then those of the layer below. The lifespan owns the lowest
 * layer, each request has one above it. Safe for use from any thread.
 */
public final class State {
    private final @Nullable State below;
    private volatile @Nullable Map<StateKey<?>, Object> values;

    /** An empty lowest layer. */
    public State() {
        this(null);
    }

    private State(@Nullable State below) {
        this.below = below;
    }

    /**
     * A new empty layer above this one. Costs nothing until something is put into it.
     *
     * @return the layer
     */
    public State layer() {
        return new State(this);
    }

    /**
     * The value of a key in this layer or, failing that, below.
     *
     * @param key the key
     * @param <T> the type of the value
     * @return the value, or {@code null} where there is none
     */
    public <T> @Nullable T get(StateKey<T> key) {
        Map<StateKey<?>, Object> own = values;
        Object value = own == null ? null : own.get(key);
        if (value != null) {
            return key.type().cast(value);
        }
        return below == null ? null : below.get(key);
    }

    /**
     * The value of a key that must be there.
     *
     * @param key the key
     * @param <T> the type of the value
     * @return the value
     * @throws NoSuchElementException if there is none
     */
    public <T> T require(StateKey<T> key) {
        T value = get(key);
        if (value == null) {
            throw new NoSuchElementException(
                    "state: no value for " + key + " (expected: put by the lifespan or a middleware)");
        }
        return value;
    }

    /**
     * Puts a value into this layer.
     *
     * @param key the key
     * @param value the value
     * @param <T> the type of the value
     * @return this
     */
    public <T> State put(StateKey<T> key, T value) {
        Objects.requireNonNull(value, "value");
        own().put(key, key.type().cast(value));
        return this;
    }

    private Map<StateKey<?>, Object> own() {
        Map<StateKey<?>, Object> own = values;
        if (own == null) {
            synchronized (this) {
                own = values;
                if (own == null) {
                    own = new ConcurrentHashMap<>();
                    values = own;
                }
            }
        }
        return own;
    }
}
