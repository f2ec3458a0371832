package io.asyncgateway.api;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Validated fields in one array: name, value, name, value. */
final class FieldList implements Headers {
    static final FieldList EMPTY = new FieldList(new String[0]);

    private final String[] fields;

    FieldList(String[] fields) {
        this.fields = fields;
    }

    @Override
    public int size() {
        return fields.length >> 1;
    }

    @Override
    public String name(int index) {
        return fields[index << 1];
    }

    @Override
    public String value(int index) {
        return fields[(index << 1) + 1];
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldList that && Arrays.equals(fields, that.fields);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fields);
    }

    /** Names alone: values may be secrets. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Headers[");
        for (int i = 0; i < fields.length; i += 2) {
            text.append(i == 0 ? "" : ", ").append(fields[i]);
        }
        return text.append(']').toString();
    }
}
