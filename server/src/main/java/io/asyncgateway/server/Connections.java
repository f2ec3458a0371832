package io.asyncgateway.server;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections of one server, over all its addresses. At the limit the listening sockets stop accepting, so that further clients wait in the kernel's
 * backlog, until one connection has closed. Safe for use from any thread.
 */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private static final Duration WARN_EVERY = Duration.ofMinutes(1);

    private final int limit;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final Set<Channel> listening = ConcurrentHashMap.newKeySet();
    private volatile boolean paused;
    private long silentUntil = System.nanoTime();
    private volatile Runnable emptyListener = () -> {};

    Connections(int limit) {
        this.limit = limit;
    }

    /** A socket listens; it is paused and resumed from here on. */
    void listen(Channel socket) {
        listening.add(socket);
        if (paused) {
            socket.config().setAutoRead(false);
        }
    }

    /** A connection was accepted. */
    void opened(Channel connection) {
        open.add(connection);
        if (count.incrementAndGet() >= limit) {
            pause();
        }
        connection.closeFuture().addListener(closed -> closed(connection));
    }

    private void closed(Channel connection) {
        open.remove(connection);
        int left = count.decrementAndGet();
        if (paused && left < limit) {
            resume();
        }
        if (left == 0) {
            emptyListener.run();
        }
    }

    private synchronized void pause() {
        if (!paused) {
            paused = true;
            warn();
            listening.forEach(socket -> socket.config().setAutoRead(false));
        }
        if (count.get() < limit) {
            resume(); // one closed meanwhile
        }
    }

    /** At the limit each connection that closes lets one in, so this happens as often as they do. */
    private void warn() {
        long now = System.nanoTime();
        if (now - silentUntil >= 0) {
            silentUntil = now + WARN_EVERY.toNanos();
            LOG.warn("{} connections are open: not accepting until one closes", limit);
        }
    }

    private synchronized void resume() {
        if (paused) {
            paused = false;
            LOG.debug("accepting connections again");
            listening.forEach(socket -> socket.config().setAutoRead(true));
        }
    }

    /** Whether there are as many as there may be, so that what can't wait is refused. */
    boolean isFull() {
        return count.get() >= limit;
    }

    int count() {
        return count.get();
    }

    /** Called each time the last connection has closed. */
    void onEmpty(Runnable listener) {
        emptyListener = listener;
    }

    /** Tells every connection, on its own event loop. */
    void tell(ServerEvent event) {
        for (Channel connection : open) {
            connection.eventLoop().execute(() -> connection.pipeline().fireUserEventTriggered(event));
        }
    }
}
