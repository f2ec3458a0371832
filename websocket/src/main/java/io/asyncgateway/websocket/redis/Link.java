package io.asyncgateway.websocket.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Keeps a connection: makes it, looks from time to time whether it answers, and makes another one when it is gone. Everything happens in
 * {@code serial}, which its owner shares, so that the owner is told in order.
 *
 * <pre>
 * WAITING ──start, delay─► CONNECTING ──connected─► CONNECTED
 *    ▲                         │                        │
 *    └──────failed, timeout────┴──closed, no pong───────┘        close: any ─► CLOSED
 * </pre>
 */
final class Link<C extends StatefulRedisConnection<String, byte[]>> {
    /** Called within {@code serial}. */
    interface Owner<C> {
        void connected(C connection);

        void disconnected();

        /** An attempt has failed. */
        default void failed(Throwable failure) {}
    }

    private enum State {
        WAITING,
        CONNECTING,
        CONNECTED,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Redis.class);
    private static final long FIRST_DELAY_MILLIS = 20;

    private final String name;
    private final Supplier<CompletionStage<C>> connect;
    private final RedisOptions options;
    private final Serial serial;
    private final Owner<C> owner;
    private final Scheduler scheduler = Schedulers.parallel();
    private final Disposable.Swap timer = Disposables.swap();

    private volatile State state = State.WAITING;
    private volatile @Nullable C connection;
    private long attempt;
    private int failures;

    Link(String name, Supplier<CompletionStage<C>> connect, RedisOptions options, Serial serial, Owner<C> owner) {
        this.name = name;
        this.connect = connect;
        this.options = options;
        this.serial = serial;
        this.owner = owner;
    }

    void start() {
        serial.execute(this::connect);
    }

    /** Null while there is none. */
    @Nullable
    C connection() {
        return connection;
    }

    boolean isConnected() {
        return state == State.CONNECTED;
    }

    private void connect() {
        if (state != State.WAITING) {
            return;
        }
        state = State.CONNECTING;
        long mine = ++attempt;
        timer.update(after(
                options.connectTimeout().plus(options.commandTimeout()).toMillis(),
                () -> failed(mine, new RedisUnavailableException("no connection in time", null))));
        CompletionStage<C> made;
        try {
            made = connect.get();
        } catch (RuntimeException failure) {
            failed(mine, failure);
            return;
        }
        Answers.whenDone(
                made,
                (it, failure) -> serial.execute(() -> {
                    if (failure != null) {
                        failed(mine, failure);
                    } else {
                        connected(mine, it);
                    }
                }));
    }

    private void connected(long mine, C made) {
        if (state != State.CONNECTING || mine != attempt) {
            Answers.ignore(made.closeAsync());
            return;
        }
        made.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
                serial.execute(() -> lost(made, "it was closed"));
            }
        });
        if (failures > 0) {
            LOG.info("redis: {} is connected", name);
        }
        failures = 0;
        connection = made;
        state = State.CONNECTED;
        timer.update(after(options.pingInterval().toMillis(), () -> ping(made)));
        owner.connected(made);
        if (!made.isOpen()) {
            lost(made, "it was closed at once");
        }
    }

    /** A connection that does not answer within the time of a command is given up, also where TCP still believes in it. */
    private void ping(C pinged) {
        if (connection != pinged) {
            return;
        }
        Answers.whenDone(
                pinged.async().ping(),
                (pong, failure) -> serial.execute(() -> {
                    if (failure != null) {
                        lost(pinged, "it does not answer");
                    } else if (connection == pinged) {
                        timer.update(after(options.pingInterval().toMillis(), () -> ping(pinged)));
                    }
                }));
    }

    /** Gives the present connection up and makes another one. */
    void renew(String why) {
        serial.execute(() -> {
            C present = connection;
            if (present != null) {
                lost(present, why);
            }
        });
    }

    private void lost(C gone, String why) {
        if (connection != gone) {
            return;
        }
        LOG.warn("redis: the connection to {} is lost ({}); connecting again", name, why);
        connection = null;
        Answers.ignore(gone.closeAsync());
        retry();
        owner.disconnected();
    }

    private void failed(long mine, Throwable failure) {
        if (state != State.CONNECTING || mine != attempt) {
            return;
        }
        if (failures == 1) {
            LOG.warn("redis: {} can't be reached ({}); trying on", name, Failures.text(failure));
        }
        retry();
        owner.failed(failure);
    }

    private void retry() {
        state = State.WAITING;
        failures++;
        timer.update(after(delay(), this::connect));
    }

    /** Doubles up to the longest, and lies anywhere in the upper half of that, so that not all nodes come at once. */
    private long delay() {
        long longest = options.reconnectDelay().toMillis();
        long delay = Math.min(longest, FIRST_DELAY_MILLIS << Math.min(failures, 20));
        return delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1);
    }

    private Disposable after(long millis, Runnable task) {
        return scheduler.schedule(() -> serial.execute(task), millis, TimeUnit.MILLISECONDS);
    }

    void close() {
        serial.execute(() -> {
            C present = connection;
            stop();
            if (present != null) {
                Answers.ignore(present.closeAsync());
            }
        });
    }

    /** As {@link #close}, but leaves the connection to the client, which closes all that it has when it is shut down. */
    void stop() {
        serial.execute(() -> {
            state = State.CLOSED;
            timer.dispose();
            connection = null;
        });
    }
}
