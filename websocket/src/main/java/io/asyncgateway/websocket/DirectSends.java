package io.asyncgateway.websocket;

import io.asyncgateway.api.WebSocketEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The session's own sends that wait, and the one that is on its way. Guarded by the lock of its {@link Outbound}. */
final class DirectSends extends OutboundSource {
    private final int maxSends;
    private final long maxBytes;
    private final ArrayDeque<DirectSend> waiting = new ArrayDeque<>(2);
    private long bytes;
    private @Nullable DirectSend onItsWay;

    DirectSends(int maxSends, long maxBytes) {
        this.maxSends = maxSends;
        this.maxBytes = maxBytes;
    }

    /** Whether there was room. */
    boolean add(DirectSend send) {
        if (!waiting.isEmpty() && (waiting.size() >= maxSends || bytes + send.bytes > maxBytes)) {
            return false;
        }
        waiting.add(send);
        bytes += send.bytes;
        return true;
    }

    OutboundOverflowException overflow(DirectSend send) {
        return new OutboundOverflowException("send: " + waiting.size() + " messages of " + bytes
                + " bytes wait, and " + send.bytes + " bytes more (expected: at most " + maxSends + " and " + maxBytes
                + "; wait for each send, or use a queue)");
    }

    void remove(DirectSend send) {
        if (waiting.remove(send)) {
            bytes -= send.bytes;
        }
    }

    List<DirectSend> removeAll() {
        List<DirectSend> all = new ArrayList<>(waiting);
        waiting.clear();
        bytes = 0;
        return all;
    }

    @Nullable
    DirectSend onItsWay() {
        return onItsWay;
    }

    @Override
    boolean isReady() {
        return !waiting.isEmpty();
    }

    @Override
    WebSocketEvent.@Nullable Send poll() {
        DirectSend next = waiting.poll();
        if (next == null) {
            return null;
        }
        bytes -= next.bytes;
        onItsWay = next;
        return next.event;
    }

    @Override
    void settle(boolean taken) {
        onItsWay = null;
    }
}
