package io.asyncgateway.samples.chat;

import io.asyncgateway.samples.chat.ChatNode.Backend;
import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.history.InMemoryHistory;
import java.util.Map;
import java.util.TreeSet;
import reactor.core.publisher.Mono;

/** Chooses what carries and keeps the messages, by the settings. */
final class Backends {
    /** A page shows the last hundred to who comes new; the rest is for those who were away for some time. */
    private static final int KEPT_MESSAGES = 1_000;

    private Backends() {}

    static Mono<Backend> open(Map<String, String> settings) {
        if (!settings.isEmpty()) {
            String name = new TreeSet<>(settings.keySet()).first();
            return Mono.error(new IllegalArgumentException("setting " + name + ": unknown (expected: none)"));
        }
        return Mono.fromSupplier(Backends::inMemory);
    }

    private static Backend inMemory() {
        ChannelLayer layer = ChannelLayer.inMemory();
        InMemoryHistory history =
                InMemoryHistory.builder().maxEntries(KEPT_MESSAGES).build();
        return new Backend(layer, history, layer.close());
    }
}
