package io.asyncgateway.samples.chat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Somebody who chats. A name is free to choose, so that two may have the same; the id is not. It is the beginning of the SHA-256 of a key that the page makes
 * up and tells the server alone: who does not know the key can't come up with the id, and no node has to remember anything to find the
 * same person again after a lost connection. The page shows who is who by the id: the colour, and a tag where names are alike.
 *
 * @param id 16 hexadecimal digits, for everybody to see
 * @param name the name, as {@link Names} lets it through
 */
record User(String id, String name) {
    private static final int ID_BYTES = 8;

    static User of(String key, String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return new User(HexFormat.of().formatHex(digest, 0, ID_BYTES), name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256, which every Java platform has", e);
        }
    }
}
