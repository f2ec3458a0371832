package io.asyncgateway.cli;

/** Text of others as it stands in a line for the operator: without line breaks and control characters, of bounded length. */
final class OneLine {
    private static final int LONGEST = 1000;

    private OneLine() {}

    static String of(String text) {
        StringBuilder line = new StringBuilder(text.length());
        boolean gap = false;
        for (int i = 0; i < text.length() && line.length() < LONGEST; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.isWhitespace(c)) {
                gap = line.length() > 0;
                continue;
            }
            if (gap) {
                line.append(' ');
                gap = false;
            }
            line.append(c);
        }
        return line.length() < LONGEST ? line.toString() : line.append("...").toString();
    }

    /** Type and message, as in {@code java.lang.IllegalStateException: no database}. */
    static String of(Throwable failure) {
        return of(failure.toString());
    }
}
