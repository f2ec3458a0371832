package io.asyncgateway.websocket.channel;

import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;

/** Tells the listener of each drop, and the log once for many: at most one line for each sweep. Safe for use from any thread. */
final class DropReport {
    private static final Logger LOG = LocalChannels.LOG;

    private final DropListener listener;
    private final Map<DropReason, Long> unreported = new EnumMap<>(DropReason.class);
    private String lastTarget = "";

    DropReport(DropListener listener) {
        this.listener = listener;
    }

    void dropped(DropReason reason, String target, long count) {
        // What waited in a closed channel is nobody's fault, and not worth a line.
        if (reason != DropReason.CLOSED) {
            synchronized (unreported) {
                unreported.merge(reason, count, Long::sum);
                lastTarget = target;
            }
        }
        try {
            listener.dropped(reason, target, count);
        } catch (RuntimeException failure) {
            LOG.error("the drop listener threw", failure);
        }
    }

    void log() {
        Map<DropReason, Long> drops;
        String last;
        synchronized (unreported) {
            if (unreported.isEmpty()) {
                return;
            }
            drops = new EnumMap<>(unreported);
            last = lastTarget;
            unreported.clear();
        }
        LOG.warn("messages dropped since the last report: {}; the last for {}", drops, last);
    }
}
