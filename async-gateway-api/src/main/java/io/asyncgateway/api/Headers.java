package io.asyncgateway.api;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Header or trailer fields: ordered, duplicates kept, names in lower case, values Latin-1 strings (each character is one octet, so none is
 * lost), immutable.
 *
 * <p>Those that an application makes are validated here (RFC 9110 section 5): a name is a token, a value has no CR, LF or NUL and no
 * character above U+00FF. Those of a request are a view over the server's own structure, which validated them on the wire.
 */
public interface Headers extends Iterable<Map.Entry<String, String>> {
    /**
     * No fields.
     *
     * @return a constant
     */
    static Headers empty() {
        return FieldList.EMPTY;
    }

    /**
     * Fields in pairs: {@code Headers.of("content-type", "text/plain", "vary", "accept")}.
     *
     * @param namesAndValues name, value, name, value
     * @return the fields
     * @throws IllegalArgumentException if a name has no value, or a name or value is not valid
     */
    static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("namesAndValues: " + namesAndValues.length
                    + " strings (expected: an even number: name, value, name, value)");
        }
        Builder builder = new Builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /**
     * Validated fields with the same content. Costs nothing where {@code headers} was made by this package.
     *
     * @param headers the fields
     * @return the same object where it is known to be valid and immutable, a copy otherwise
     * @throws IllegalArgumentException if a name or value is not valid
     */
    static Headers copyOf(Headers headers) {
        return headers instanceof FieldList ? headers : headers.toBuilder().build();
    }

    /**
     * A new empty builder.
     *
     * @return the builder
     */
    static Builder builder() {
        return new Builder();
    }

    /**
     * The number of fields.
     *
     * @return the number, duplicates counted
     */
    int size();

    /**
     * The name of the field at an index. With {@link #value(int)} the cheapest way to walk over all.
     *
     * @param index 0 to {@link #size()} - 1
     * @return the name in lower case
     */
    String name(int index);

    /**
     * The value of the field at an index.
     *
     * @param index 0 to {@link #size()} - 1
     * @return the value without white space around it
     */
    String value(int index);

    /**
     * The first value of a name.
     *
     * @param name the name, in any case
     * @return the value, or {@code null} where there is no such field
     */
    default @Nullable String first(String name) {
        for (int i = 0, size = size(); i < size; i++) {
            if (name(i).equalsIgnoreCase(name)) {
                return value(i);
            }
        }
        return null;
    }

    /**
     * All values of a name in their order.
     *
     * @param name the name, in any case
     * @return the values; empty where there is no such field
     */
    default List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (int i = 0, size = size(); i < size; i++) {
            if (name(i).equalsIgnoreCase(name)) {
                values.add(value(i));
            }
        }
        return values;
    }

    /**
     * Whether there is a field of a name.
     *
     * @param name the name, in any case
     * @return whether there is one
     */
    default boolean contains(String name) {
        return first(name) != null;
    }

    /**
     * Whether there are no fields.
     *
     * @return whether the size is 0
     */
    default boolean isEmpty() {
        return size() == 0;
    }

    @Override
    default Iterator<Map.Entry<String, String>> iterator() {
        return IntStream.range(0, size())
                .mapToObj(i -> Map.entry(name(i), value(i)))
                .iterator();
    }

    /**
     * A builder that begins with these fields.
     *
     * @return the builder
     */
    default Builder toBuilder() {
        Builder builder = new Builder();
        for (int i = 0, size = size(); i < size; i++) {
            builder.add(name(i), value(i));
        }
        return builder;
    }

    /** Builds validated fields. Not safe for use from several threads. */
    final class Builder {
        private final List<String> fields = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a field after those that are there.
         *
         * @param name the name; put into lower case
         * @param value the value; white space around it is removed
         * @return this
         * @throws IllegalArgumentException if name or value is not valid
         */
        public Builder add(String name, String value) {
            fields.add(FieldSyntax.name(name));
            fields.add(FieldSyntax.value(name, value));
            return this;
        }

        /**
         * Replaces all fields of the name by one, at the end.
         *
         * @param name the name
         * @param value the value
         * @return this
         * @throws IllegalArgumentException if name or value is not valid
         */
        public Builder set(String name, String value) {
            return remove(name).add(name, value);
        }

        /**
         * Removes all fields of the name.
         *
         * @param name the name, in any case
         * @return this
         */
        public Builder remove(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            for (int i = fields.size() - 2; i >= 0; i -= 2) {
                if (fields.get(i).equals(lower)) {
                    fields.remove(i + 1);
                    fields.remove(i);
                }
            }
            return this;
        }

        /**
         * The fields so far. The builder can be used further.
         *
         * @return immutable fields
         */
        public Headers build() {
            return fields.isEmpty() ? FieldList.EMPTY : new FieldList(fields.toArray(new String[0]));
        }
    }
}
