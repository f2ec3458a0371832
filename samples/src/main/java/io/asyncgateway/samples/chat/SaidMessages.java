package io.asyncgateway.samples.chat;

import io.asyncgateway.websocket.history.EntryId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The messages that were said through this node lately, so that one that is said again after a lost connection is not kept twice, also where the first is
 * still on its way. Bounded: the oldest are forgotten. Safe for use from any thread.
 */
final class SaidMessages {
    /** At five a second, what a thousand people who never stop say in two seconds. Who comes back later finds the message in the log. */
    private static final int KEPT = 10_000;

    private final Map<Key, Mono<EntryId>> said = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Mono<EntryId>> eldest) {
            return size() > KEPT;
        }
    };

    private record Key(String user, String room, String clientId) {}

    /** A message that was said before: its id, as soon as it is kept; {@code null} if nothing is known of it. */
    @Nullable
    Mono<EntryId> find(User user, String room, String clientId) {
        synchronized (said) {
            return said.get(new Key(user.id(), room, clientId));
        }
    }

    /**
     * Says a message, unless it was said before.
     *
     * @param saying says it; goes on where the result is cancelled. Failed, it is forgotten, so that it can be tried again
     * @return the id
     */
    Mono<EntryId> once(User user, String room, String clientId, Mono<EntryId> saying) {
        Key key = new Key(user.id(), room, clientId);
        synchronized (said) {
            return said.computeIfAbsent(
                    key, absent -> saying.doOnError(failure -> forget(key)).cache());
        }
    }

    private void forget(Key key) {
        synchronized (said) {
            said.remove(key);
        }
    }
}
