package io.asyncgateway.samples.chat;

/** Something that a client asked for is not done; the client is told why, in words for people. Has no stack trace. */
final class RefusedException extends RuntimeException {
    static final String NAME = "name";
    static final String ROOM = "room";
    static final String TOO_MANY_ROOMS = "too-many-rooms";
    static final String TEXT = "text";
    static final String TOO_LONG = "too-long";
    static final String TOO_FAST = "too-fast";
    static final String BAD_MESSAGE = "bad-message";
    static final String UNAVAILABLE = "unavailable";

    private static final long serialVersionUID = 1L;

    private final String kind;

    RefusedException(String kind, String text) {
        super(text, null, false, false);
        this.kind = kind;
    }

    String kind() {
        return kind;
    }

    /** For people. */
    String text() {
        return String.valueOf(getMessage());
    }
}
