package io.asyncgateway.websocket.history;

import org.jspecify.annotations.Nullable;

/**
 * Names an {@link Entry} of a {@link History}, and a position in it. Ids of one room ascend strictly in the order in which entries were appended;
 * ids of different rooms say nothing about each other. The text form, {@code milliseconds-sequence}, is that of Redis Streams.
 *
 * @param time milliseconds since 1970-01-01T00:00Z by the clock of who gave the id, never less than that of the id before; 0 or more
 * @param sequence counts the ids of one millisecond; 0 or more
 */
public record EntryId(long time, long sequence) implements Comparable<EntryId> {
    /** Before every entry: the position of a room into which nothing was appended. */
    public static final EntryId ZERO = new EntryId(0, 0);

    /** Behind every entry. */
    public static final EntryId MAX = new EntryId(Long.MAX_VALUE, Long.MAX_VALUE);

    private static final int MAX_SHOWN = 50;

    /** Refuses negative numbers. */
    public EntryId {
        if (time < 0) {
            throw new IllegalArgumentException("time: " + time + " (expected: >= 0)");
        }
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence: " + sequence + " (expected: >= 0)");
        }
    }

    /**
     * Parses the text form, such as {@code 1700000000000-0}. Nothing but ASCII digits around one hyphen is taken, so that what a client sent can
     * be given to it as it is.
     *
     * @param text the text form
     * @return the id
     * @throws IllegalArgumentException if it is anything else
     */
    public static EntryId parse(String text) {
        int hyphen = text.indexOf('-');
        long time = number(text, 0, hyphen);
        long sequence = hyphen < 0 ? -1 : number(text, hyphen + 1, text.length());
        if (time < 0 || sequence < 0) {
            String shown = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
            throw new IllegalArgumentException(
                    "id: " + shown + " (expected: milliseconds-sequence, such as 1700000000000-0)");
        }
        return new EntryId(time, sequence);
    }

    /** The number from start to end, or -1 where there is none or it is too large. */
    private static long number(String text, int start, int end) {
        if (end <= start) {
            return -1;
        }
        long number = 0;
        for (int i = start; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /**
     * Whether this position is behind another one.
     *
     * @param other the other position; {@code null} is before all
     * @return whether it is
     */
    public boolean isAfter(@Nullable EntryId other) {
        return other == null || compareTo(other) > 0;
    }

    @Override
    public int compareTo(EntryId other) {
        int byTime = Long.compare(time, other.time);
        return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }

    /** The text form. */
    @Override
    public String toString() {
        return time + "-" + sequence;
    }
}
