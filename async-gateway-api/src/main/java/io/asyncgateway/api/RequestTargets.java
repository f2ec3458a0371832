package io.asyncgateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The parts of a request target (RFC 9112 section 3.2) as {@link RequestScope} defines them. A server uses it for its scopes and a test for its
 * own, so that both agree.
 *
 * <p>Nothing is validated here: what is no target at all has been refused before.
 */
public final class RequestTargets {
    private RequestTargets() {}

    /**
     * The path of a target, still percent-encoded ({@link RequestScope#rawPath()}).
     *
     * @param target in origin-form {@code /a?b}, absolute-form {@code http://host/a?b} or asterisk-form {@code *}
     * @return the path without the query; {@code /} where that of an absolute-form is empty
     */
    public static String rawPath(String target) {
        int start = pathStart(target);
        int query = target.indexOf('?', start);
        int end = query < 0 ? target.length() : query;
        if (start == end) {
            return "/";
        }
        return start == 0 && end == target.length() ? target : target.substring(start, end);
    }

    /**
     * The query of a target, still percent-encoded ({@link RequestScope#queryString()}).
     *
     * @param target in origin-form, absolute-form or asterisk-form
     * @return what follows the first {@code ?}; empty where there is none
     */
    public static String queryString(String target) {
        int query = target.indexOf('?', pathStart(target));
        return query < 0 ? "" : target.substring(query + 1);
    }

    /**
     * Percent-decodes a path as UTF-8 ({@link RequestScope#path()}). Octets that are not UTF-8 become U+FFFD; a {@code %} without two hexadecimal
     * digits stays as it is; {@code +} is no space.
     *
     * @param rawPath the path as received, each character one octet
     * @return the decoded path; the same string where there is nothing to decode
     */
    public static String decode(String rawPath) {
        for (int i = 0; i < rawPath.length(); i++) {
            char c = rawPath.charAt(i);
            if (c == '%' || c >= 0x80) {
                return decodeFrom(rawPath, i);
            }
        }
        return rawPath;
    }

    private static String decodeFrom(String text, int first) {
        int length = text.length();
        byte[] octets = new byte[length];
        int size = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            int octet = i >= first && c == '%' && i + 2 < length ? octet(text, i + 1) : -1;
            if (octet >= 0) {
                i += 2;
            }
            octets[size++] = (byte) (octet >= 0 ? octet : c);
        }
        return new String(octets, 0, size, UTF_8);
    }

    /** Two hexadecimal digits, or -1. */
    private static int octet(String text, int index) {
        int high = digit(text.charAt(index));
        int low = digit(text.charAt(index + 1));
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }

    /** ASCII alone: {@link Character#digit(char, int)} knows full-width digits too. */
    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /** Where the path begins: behind scheme and authority of an absolute-form, else at 0. */
    private static int pathStart(String target) {
        if (target.isEmpty() || target.charAt(0) == '/') {
            return 0;
        }
        int colon = target.indexOf("://");
        if (colon <= 0 || !isScheme(target, colon)) {
            return 0;
        }
        int i = colon + 3;
        while (i < target.length() && target.charAt(i) != '/' && target.charAt(i) != '?') {
            i++;
        }
        return i;
    }

    private static boolean isScheme(String target, int end) {
        for (int i = 0; i < end; i++) {
            char c = target.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
            if (!letter && (i == 0 || !other)) {
                return false;
            }
        }
        return true;
    }
}
