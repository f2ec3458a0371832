package io.asyncgateway.websocket.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asyncgateway.websocket.history.EntryId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Redis says of the stream of a room, in one look.
 *
 * @param length entries that are kept
 * @param last id of the last entry that was added, also if it is no longer kept; ZERO if there is no stream
 * @param deleted the largest id that was deleted; ZERO if none was
 * @param first id of the oldest entry that is kept; ZERO if there is none
 */
record StreamInfo(long length, EntryId last, EntryId deleted, EntryId first) {
    /** There is no such stream. */
    static final StreamInfo NONE = new StreamInfo(0, EntryId.ZERO, EntryId.ZERO, EntryId.ZERO);

    /** From the answer to {@code XINFO STREAM}: names and values by turns. */
    static StreamInfo of(List<Object> answer) {
        return new StreamInfo(
                find(answer, "length") instanceof Long length ? length : 0,
                id(answer, "last-generated-id"),
                id(answer, "max-deleted-entry-id"),
                id(answer, "recorded-first-entry-id"));
    }

    private static EntryId id(List<Object> answer, String name) {
        Object value = find(answer, name);
        return value == null ? EntryId.ZERO : EntryId.parse(text(value));
    }

    private static @Nullable Object find(List<Object> answer, String name) {
        for (int i = 0; i + 1 < answer.size(); i += 2) {
            if (text(answer.get(i)).equals(name)) {
                return answer.get(i + 1);
            }
        }
        return null;
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? new String(bytes, US_ASCII) : String.valueOf(value);
    }

    /** The same, with all entries up to an id, which is that of one, taken for deleted. They may still count for the length and be the first. */
    StreamInfo withoutThrough(EntryId id) {
        return id.isAfter(deleted) ? new StreamInfo(length, last, id, first) : this;
    }

    /**
     * Whether everything that was ever added behind a position is certainly kept. Where the stream has deleted nothing, but begins behind the position, the
     * position comes from a stream that Redis has forgotten or lost; of what was in there behind it nobody knows.
     */
    boolean isCompleteAfter(EntryId position) {
        if (position.equals(EntryId.ZERO)) {
            return deleted.equals(EntryId.ZERO);
        }
        if (last.equals(EntryId.ZERO) || deleted.isAfter(position)) {
            return false;
        }
        return !deleted.equals(EntryId.ZERO) || !before(first).isAfter(position);
    }

    /** The position before the oldest entry that is kept. */
    EntryId beginning() {
        EntryId before = before(first);
        return before.isAfter(deleted) ? before : deleted;
    }

    private static EntryId before(EntryId id) {
        if (id.sequence() > 0) {
            return new EntryId(id.time(), id.sequence() - 1);
        }
        return id.time() > 0 ? new EntryId(id.time() - 1, Long.MAX_VALUE) : EntryId.ZERO;
    }
}
