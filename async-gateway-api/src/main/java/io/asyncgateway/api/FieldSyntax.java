package io.asyncgateway.api;

import java.util.Locale;

/** The syntax of header fields (RFC 9110 sections 5.1, 5.5 and 5.6.2), where an application makes them. */
final class FieldSyntax {
    private static final boolean[] TOKEN = new boolean[128];

    static {
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                .chars()
                .forEach(c -> TOKEN[c] = true);
    }

    private FieldSyntax() {}

    /** Returns the name in lower case. */
    static String name(String name) {
        boolean lower = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 128 || !TOKEN[c]) {
                throw new IllegalArgumentException(
                        "header name: " + printable(name) + " (expected: a token of RFC 9110)");
            }
            lower &= c < 'A' || c > 'Z';
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException("header name: empty (expected: a token of RFC 9110)");
        }
        return lower ? name : name.toLowerCase(Locale.ROOT);
    }

    /** Returns the value without white space around it. The message names the field, not the value, which may be a secret. */
    static String value(String name, String value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException("header " + name + ": character U+"
                        + String.format("%04X", (int) c) + " at index " + i
                        + " of the value (expected: Latin-1 without control characters)");
            }
        }
        boolean trimmed = length == 0 || (value.charAt(0) > ' ' && value.charAt(length - 1) > ' ');
        return trimmed ? value : value.strip();
    }

    private static String printable(String name) {
        StringBuilder text = new StringBuilder();
        name.chars().limit(40).forEach(c -> text.append(c > ' ' && c < 127 ? (char) c : '?'));
        return text.toString();
    }
}
