package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asyncgateway.api.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The header or trailer fields of a request as a view over the octets that came in: a name or value becomes a string when it is asked for. The parser
 * validated the octets and put the names into lower case.
 */
final class RequestFields implements Headers {
    /** Start and end of name and value: four numbers for each field. */
    static final int STRIDE = 4;

    private final byte[] octets;
    private final int[] bounds;

    RequestFields(byte[] octets, int[] bounds) {
        this.octets = octets;
        this.bounds = bounds;
    }

    @Override
    public int size() {
        return bounds.length / STRIDE;
    }

    @Override
    public String name(int index) {
        return string(index * STRIDE);
    }

    @Override
    public String value(int index) {
        return string(index * STRIDE + 2);
    }

    @Override
    public @Nullable String first(String name) {
        for (int at = 0; at < bounds.length; at += STRIDE) {
            if (isNamed(at, name)) {
                return string(at + 2);
            }
        }
        return null;
    }

    @Override
    public boolean contains(String name) {
        for (int at = 0; at < bounds.length; at += STRIDE) {
            if (isNamed(at, name)) {
                return true;
            }
        }
        return false;
    }

    private boolean isNamed(int at, String name) {
        int start = bounds[at];
        int length = bounds[at + 1] - start;
        if (length != name.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            char lower = c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
            if (octets[start + i] != lower) {
                return false;
            }
        }
        return true;
    }

    private String string(int at) {
        return new String(octets, bounds[at], bounds[at + 1] - bounds[at], ISO_8859_1);
    }

    /** Names alone: values may be secrets. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Headers[");
        for (int i = 0; i < size(); i++) {
            text.append(i == 0 ? "" : ", ").append(name(i));
        }
        return text.append(']').toString();
    }
}
