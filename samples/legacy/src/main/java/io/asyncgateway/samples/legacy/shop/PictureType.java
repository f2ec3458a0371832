package io.asyncgateway.samples.legacy.shop;

import org.jspecify.annotations.Nullable;

/** What pictures may be. Known by their first bytes: what a browser says of a file is not to be believed. */
enum PictureType {
    PNG("image/png", "\u0089PNG\r\n\u001a\n"),
    JPEG("image/jpeg", "\u00ff\u00d8\u00ff");

    private final String mediaType;

    /** Each character is a byte. */
    private final String signature;

    PictureType(String mediaType, String signature) {
        this.mediaType = mediaType;
        this.signature = signature;
    }

    String mediaType() {
        return mediaType;
    }

    /** The type of a picture, {@code null} where it is none of these. */
    static @Nullable PictureType of(byte[] bytes) {
        for (PictureType type : values()) {
            if (type.fits(bytes)) {
                return type;
            }
        }
        return null;
    }

    private boolean fits(byte[] bytes) {
        if (bytes.length < signature.length()) {
            return false;
        }
        for (int i = 0; i < signature.length(); i++) {
            if ((bytes[i] & 0xff) != signature.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
