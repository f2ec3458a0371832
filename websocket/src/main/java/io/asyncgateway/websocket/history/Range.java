package io.asyncgateway.websocket.history;

import java.util.Objects;
import reactor.core.publisher.Flux;

/**
 * What {@link History#range} found.
 *
 * @param entries the entries, oldest first; cold, and fails with {@link HistoryGapException} if entries that belong to it were dropped from the history
 *     before they could be read
 * @param complete whether they are certainly all that were ever appended in the range asked for: none of them was dropped from the history or left
 *     out for the limit. Where no start was given: all that are kept up to its end
 */
public record Range(Flux<Entry> entries, boolean complete) {
    /** Refuses null. */
    public Range {
        Objects.requireNonNull(entries, "entries");
    }
}
