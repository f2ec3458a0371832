package io.asyncgateway.server;

import io.netty.channel.EventLoop;

/**
 * The keep-alive of one WebSocket: a ping at each interval, and the end of the peer that does not answer one in time. Any octet of the peer counts as its answer.
 * Time in which the server itself does not read is not counted. Confined to its event loop.
 *
 * <pre>
 *   WAITING   interval          PINGED     ping
 *   PINGED    octets            WAITING
 *   PINGED    timeout           ENDED      the peer is given up
 * </pre>
 */
final class WebSocketHeartbeat {
    /** What it does and needs to know. */
    interface Peer {
        void ping();

        /** Whether what the peer sends would be read. */
        boolean isHeard();

        void giveUp();
    }

    private final long interval;
    private final long timeout;
    private final Peer peer;
    private final LazyTimer timer;
    private boolean pinged;

    WebSocketHeartbeat(EventLoop loop, WebSocketOptions options, Peer peer) {
        this.interval = options.pingInterval().toNanos();
        this.timeout = options.pingTimeout().toNanos();
        this.peer = peer;
        this.timer = new LazyTimer(loop, this::due);
    }

    void start() {
        if (interval != 0) {
            timer.set(interval);
        }
    }

    /** Octets have come. */
    void heard() {
        if (pinged) {
            pinged = false;
            timer.set(interval);
        }
    }

    /** Reading goes on after a pause. */
    void resumed() {
        if (pinged) {
            timer.set(timeout);
        }
    }

    void stop() {
        pinged = false;
        timer.close();
    }

    private void due() {
        if (!pinged) {
            pinged = true;
            peer.ping();
            timer.set(timeout);
        } else if (peer.isHeard()) {
            peer.giveUp();
        } else {
            timer.set(timeout);
        }
    }
}
