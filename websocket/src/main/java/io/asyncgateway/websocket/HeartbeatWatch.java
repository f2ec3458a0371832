package io.asyncgateway.websocket;

import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;

/**
 * The {@link Heartbeat} of one session: a look at each interval, which compares the last sign of life with the one of the look before and counts the looks
 * that found nothing new. So a wall clock that is set does no harm, nor a process that was stopped for a while: each look schedules the next.
 *
 * <p>Confined to these looks, of which there is one at a time.
 */
final class HeartbeatWatch implements Runnable, Disposable {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatWatch.class);

    /** At most one ping waits. */
    private static final QueueOptions ONE =
            QueueOptions.defaults().withMaxMessages(1).withPolicy(OverflowPolicy.DROP_NEWEST);

    private final LiveSession session;
    private final Heartbeat heartbeat;
    private final @Nullable OutboundQueue pings;
    private final Disposable.Swap task = Disposables.swap();
    private Instant seen;
    private int looks;

    HeartbeatWatch(LiveSession session, Heartbeat heartbeat) {
        this.session = session;
        this.heartbeat = heartbeat;
        this.pings = heartbeat.message() == null ? null : session.openQueue(ONE);
        this.seen = session.lastSeen();
    }

    void start() {
        task.update(Schedulers.parallel().schedule(this, heartbeat.interval().toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public void dispose() {
        task.dispose();
    }

    @Override
    public void run() {
        Instant last = session.lastSeen();
        if (!last.equals(seen) || !session.isReading()) {
            seen = last;
            looks = 0;
        } else {
            looks++;
        }
        if (heartbeat.interval().multipliedBy(looks).compareTo(heartbeat.timeout()) >= 0) {
            LOG.debug("session {}: no sign of life since {}", session.id(), last);
            session.closeAtOnce(new WebSocketEvent.Close(CloseStatus.INTERNAL_ERROR, "no sign of life"));
        } else {
            ping();
            start();
        }
    }

    private void ping() {
        OutboundQueue queue = pings;
        Supplier<? extends WebSocketMessage> message = heartbeat.message();
        if (queue == null || message == null) {
            return;
        }
        try {
            queue.offer(new WebSocketEvent.Send(message.get()));
        } catch (RuntimeException failure) {
            LOG.error("a heartbeat's message could not be made", failure);
        }
    }
}
