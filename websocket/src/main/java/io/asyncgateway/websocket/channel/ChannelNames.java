package io.asyncgateway.websocket.channel;

import java.security.SecureRandom;

/**
 * The names of channels, groups and nodes, for those who write a layer. A channel of a node is named {@code NODE!ID}.
 */
public final class ChannelNames {
    /** The most characters of a name. */
    public static final int MAX_LENGTH = 100;

    private static final char SEPARATOR = '!';
    private static final int NODE_LENGTH = 16;
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final SecureRandom RANDOM = new SecureRandom();

    private ChannelNames() {}

    /**
     * A new id for a node, of 82 random bits.
     *
     * @return 16 lower-case letters and digits
     */
    public static String newNode() {
        StringBuilder node = new StringBuilder(NODE_LENGTH);
        for (int i = 0; i < NODE_LENGTH; i++) {
            node.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return node.toString();
    }

    /**
     * The name of a channel of a node.
     *
     * @param node the node's id
     * @param id what no other channel of the node has
     * @return {@code NODE!ID}
     */
    public static String ofNode(String node, long id) {
        return node + SEPARATOR + Long.toString(id, Character.MAX_RADIX);
    }

    /**
     * Whether the name is that of a channel of a node, not that of a shared channel.
     *
     * @param channel a valid name
     * @return whether it has a node in it
     */
    public static boolean hasNode(String channel) {
        return channel.indexOf(SEPARATOR) >= 0;
    }

    /**
     * The node of a channel.
     *
     * @param channel the name of a channel of a node
     * @return the node's id
     */
    public static String node(String channel) {
        return channel.substring(0, channel.indexOf(SEPARATOR));
    }

    /**
     * Whether a channel belongs to the node.
     *
     * @param channel a valid name
     * @param node the node's id
     * @return whether it is one of the node's own
     */
    public static boolean isOf(String channel, String node) {
        return channel.length() > node.length()
                && channel.charAt(node.length()) == SEPARATOR
                && channel.startsWith(node);
    }

    /**
     * Checks the name of a channel of either kind.
     *
     * @param channel the name
     * @return the same
     * @throws IllegalArgumentException if it is not valid
     */
    public static String requireChannel(String channel) {
        int separator = channel.indexOf(SEPARATOR);
        boolean valid = separator < 0
                ? isPlain(channel, 0, channel.length())
                : isPlain(channel, 0, separator) && isPlain(channel, separator + 1, channel.length());
        if (!valid) {
            throw invalid("channel", channel);
        }
        return channel;
    }

    /**
     * Checks the name of a group.
     *
     * @param group the name
     * @return the same
     * @throws IllegalArgumentException if it is not valid
     */
    public static String requireGroup(String group) {
        if (!isPlain(group, 0, group.length())) {
            throw invalid("group", group);
        }
        return group;
    }

    /**
     * Checks that a channel is one of the node's own.
     *
     * @param channel the name
     * @param node the node's id
     * @return the same name
     * @throws IllegalArgumentException if it is not valid or not the node's
     */
    public static String requireOwn(String channel, String node) {
        requireChannel(channel);
        if (!isOf(channel, node)) {
            throw new IllegalArgumentException(
                    "channel: " + channel + " (expected: a channel of this node, " + node + SEPARATOR + "...)");
        }
        return channel;
    }

    private static boolean isPlain(String name, int from, int to) {
        if (from == to || name.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = from; i < to; i++) {
            char c = name.charAt(i);
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

    private static IllegalArgumentException invalid(String what, String name) {
        String shown = name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) + "..." : name;
        return new IllegalArgumentException(what + ": \"" + shown.replaceAll("[^ -~]", "?") + "\" (expected: 1-"
                + MAX_LENGTH + " ASCII letters, digits, '-', '_' or '.')");
    }
}
