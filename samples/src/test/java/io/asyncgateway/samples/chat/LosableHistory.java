package io.asyncgateway.samples.chat;

import io.asyncgateway.websocket.history.Entry;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.History;
import io.asyncgateway.websocket.history.InMemoryHistory;
import io.asyncgateway.websocket.history.Range;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A history in memory that is as ready as its test says. */
final class LosableHistory implements History {
    private final History kept = InMemoryHistory.builder().build();
    boolean isReady = true;

    @Override
    public Mono<EntryId> append(String room, ByteBuffer payload) {
        return kept.append(room, payload);
    }

    @Override
    public Mono<Range> range(String room, @Nullable EntryId after, EntryId through, int limit) {
        return kept.range(room, after, through, limit);
    }

    @Override
    public Mono<EntryId> latest(String room) {
        return kept.latest(room);
    }

    @Override
    public Flux<Entry> tail(String room, EntryId after) {
        return kept.tail(room, after);
    }

    @Override
    public boolean isReady() {
        return isReady;
    }
}
