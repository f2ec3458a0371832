package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.channel.ChannelNames;

/** Which names rooms may have: with their prefix they name groups. */
final class RoomNames {
    private static final int MAX_PREFIX = 20;

    private RoomNames() {}

    static boolean isName(String name, String prefix) {
        return !name.isEmpty() && name.length() <= maxLength(prefix) && name.charAt(0) != '.' && isPlain(name);
    }

    static IllegalArgumentException invalid(String name, String prefix) {
        int max = maxLength(prefix);
        return new IllegalArgumentException("room: \"" + shown(name) + "\" (expected: 1-" + max
                + " ASCII letters, digits, '-', '_' or '.', not beginning with '.')");
    }

    static String requirePrefix(String prefix) {
        if (prefix.length() > MAX_PREFIX || !isPlain(prefix)) {
            throw new IllegalArgumentException("prefix: \"" + shown(prefix) + "\" (expected: 0-" + MAX_PREFIX
                    + " ASCII letters, digits, '-', '_' or '.')");
        }
        return prefix;
    }

    private static int maxLength(String prefix) {
        return ChannelNames.MAX_LENGTH - prefix.length();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '_'
                    || c == '.';
            if (!plain) {
                return false;
            }
        }
        return true;
    }

    /** Names come from clients: what can't be shown is not, and no more of it than makes sense. */
    private static String shown(String text) {
        String start =
                text.length() > ChannelNames.MAX_LENGTH ? text.substring(0, ChannelNames.MAX_LENGTH) + "..." : text;
        return start.replaceAll("[^ -~]", "?");
    }
}
