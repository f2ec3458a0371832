package io.asyncgateway.cli.log;

/**
 * Makes text of a peer harmless in a line between quotes: quotes and backslashes get a backslash before them, control characters and what is
 * not ASCII become {@code \xHH} (a Latin-1 octet) or a unicode escape. So a line is a line, and a field ends where it seems to.
 */
final class Escape {
    private static final String HEX = "0123456789abcdef";

    private Escape() {}

    static void text(String text, StringBuilder line) {
        for (int i = 0; i < text.length(); i++) {
            character(text.charAt(i), line);
        }
    }

    /** The same for a field that ends at a space. */
    static void word(String text, StringBuilder line) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ') {
                octet(c, line);
            } else {
                character(c, line);
            }
        }
    }

    private static void character(char c, StringBuilder line) {
        if (c == '"' || c == '\\') {
            line.append('\\').append(c);
        } else if (c >= ' ' && c < 0x7f) {
            line.append(c);
        } else if (c <= 0xff) {
            octet(c, line);
        } else {
            line.append("\\u");
            hex(c >> 8, line);
            hex(c & 0xff, line);
        }
    }

    private static void octet(char c, StringBuilder line) {
        line.append("\\x");
        hex(c, line);
    }

    private static void hex(int octet, StringBuilder line) {
        line.append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 0xf));
    }
}
