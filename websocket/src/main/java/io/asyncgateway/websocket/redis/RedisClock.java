package io.asyncgateway.websocket.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Redis' time, so that nodes agree on when a message or an entry is too old though their own clocks differ. Measured with each connection and from time to time; between
 * that this node's monotonic clock goes on. Before the first answer, for which connecting waits, it is this node's time. Of a Cluster it is the time of any of the nodes, whose clocks ought to agree.
 */
final class RedisClock {
    private final Commands commands;
    private volatile long offsetMillis = System.currentTimeMillis() - monotonicMillis();

    RedisClock(Commands commands) {
        this.commands = commands;
    }

    private static long monotonicMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    long millis() {
        return monotonicMillis() + offsetMillis;
    }

    /** Asks Redis; what it says counts from the middle of question and answer. Fails if Redis does not say it: then nothing has changed. */
    CompletableFuture<Void> measure() {
        long asked = monotonicMillis();
        return commands.send(to -> to.time()).thenAccept(time -> {
            long answered = monotonicMillis();
            long millis = number(time.get(0)) * 1_000 + number(time.get(1)) / 1_000;
            offsetMillis = millis - (asked + (answered - asked) / 2);
        });
    }

    private static long number(byte[] ascii) {
        long number = 0;
        for (byte digit : ascii) {
            number = number * 10 + (digit - '0');
        }
        return number;
    }
}
