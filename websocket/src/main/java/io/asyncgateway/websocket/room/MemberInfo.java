package io.asyncgateway.websocket.room;

import java.nio.charset.StandardCharsets;

/**
 * What others see of a {@link Member}, on every node.
 *
 * @param id the member's own: no other member of any room on any node has or will have it. It is no secret
 * @param name as given to {@link JoinOptions}; empty where none was. Several members may have the same, such as the tabs of one user
 * @param info as given to {@link JoinOptions}, such as JSON; empty where none was
 */
public record MemberInfo(String id, String name, String info) {
    /** The most bytes of UTF-8 that a name may have. */
    public static final int MAX_NAME_BYTES = 256;

    /** The most bytes of UTF-8 that an info may have. */
    public static final int MAX_INFO_BYTES = 4096;

    /** Validates the sizes. */
    public MemberInfo {
        requireAtMost("id", id, MAX_NAME_BYTES);
        requireAtMost("name", name, MAX_NAME_BYTES);
        requireAtMost("info", info, MAX_INFO_BYTES);
    }

    static void requireAtMost(String what, String value, int maxBytes) {
        // A character has at most three bytes, so that most need not be encoded.
        if (value.length() > maxBytes / 3) {
            int bytes = value.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > maxBytes) {
                throw new IllegalArgumentException(
                        what + ": " + bytes + " bytes of UTF-8 (expected: at most " + maxBytes + ")");
            }
        }
    }
}
