package io.asyncgateway.websocket.channel;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What has passed through a node. */
final class Counters {
    final LongAdder sent = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder delivered = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder queued = new LongAdder();
    /** Filled once, then only read. */
    private final Map<DropReason, LongAdder> dropped = new EnumMap<>(DropReason.class);

    Counters() {
        for (DropReason reason : DropReason.values()) {
            dropped.put(reason, new LongAdder());
        }
    }

    LongAdder dropped(DropReason reason) {
        return Objects.requireNonNull(dropped.get(reason));
    }

    ChannelLayerStats snapshot(int channels, int groups) {
        return new ChannelLayerStats(
                sent.sum(),
                refused.sum(),
                delivered.sum(),
                received.sum(),
                dropped(DropReason.CAPACITY).sum(),
                dropped(DropReason.EXPIRED).sum(),
                dropped(DropReason.CLOSED).sum(),
                dropped(DropReason.LOST).sum(),
                channels,
                groups,
                queued.sum());
    }
}
