package io.asyncgateway.websocket.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;

/**
 * Lets nodes tell each other how far their streams are, so that what was lost is noticed also where nothing follows it. A node asks for the streams of groups
 * that it has newly joined, and for all after an outage; the others answer with marks. After an outage of its own a node gives marks without being asked. Questions and
 * answers are collected for a moment and given in portions.
 *
 * <p>A question is the names of groups with commas between, or {@code *}; it travels on a pub/sub channel that all nodes hear.
 */
final class Resync {
    private static final String ALL = "*";
    private static final long MOMENT_MILLIS = 100;
    private static final int PORTION = 500;

    private final RedisConnections redis;
    private final OutgoingStreams streams;
    private final String control;
    private final Serial serial = new Serial();
    private final Disposable.Swap askTimer = Disposables.swap();
    private final Disposable.Swap markTimer = Disposables.swap();
    private final Set<String> unasked = new LinkedHashSet<>();
    private final Queue<String> unmarked = new ArrayDeque<>();
    private boolean asking;
    private boolean marking;
    private boolean markAll;

    Resync(RedisConnections redis, OutgoingStreams streams) {
        this.redis = redis;
        this.streams = streams;
        this.control = redis.key("c", "resync");
    }

    String control() {
        return control;
    }

    /** This node newly hears a group. */
    void joined(String group) {
        ask(group);
    }

    /** This node was cut off, and hears everything again. */
    void restored() {
        ask(ALL);
        serial.execute(() -> mark(ALL));
    }

    private void ask(String what) {
        serial.execute(() -> {
            unasked.add(what);
            if (!asking) {
                asking = true;
                later(askTimer, this::askNow);
            }
        });
    }

    private void askNow() {
        asking = false;
        StringBuilder question = new StringBuilder();
        for (String name : unasked.contains(ALL) ? Set.of(ALL) : unasked) {
            if (question.length() > 0) {
                question.append(',');
            }
            question.append(name);
        }
        unasked.clear();
        byte[] bytes = question.toString().getBytes(US_ASCII);
        redis.tell(to -> to.spublish(control, bytes));
    }

    /** A question from any node. */
    void message(byte[] question) {
        serial.execute(() -> {
            for (String name : new String(question, US_ASCII).split(",", -1)) {
                mark(name);
            }
        });
    }

    private void mark(String name) {
        if (name.equals(ALL)) {
            markAll = true;
        } else if (unmarked.size() < 100 * PORTION) {
            unmarked.add(redis.key("g", name));
        }
        if (!marking) {
            marking = true;
            later(markTimer, this::markSome);
        }
    }

    private void markSome() {
        if (markAll) {
            markAll = false;
            unmarked.clear();
            unmarked.addAll(streams.active());
        }
        for (int i = 0; i < PORTION && !unmarked.isEmpty(); i++) {
            streams.mark(unmarked.remove());
        }
        marking = markAll || !unmarked.isEmpty();
        if (marking) {
            later(markTimer, this::markSome);
        }
    }

    private void later(Disposable.Swap timer, Runnable task) {
        timer.update(Schedulers.parallel().schedule(() -> serial.execute(task), MOMENT_MILLIS, TimeUnit.MILLISECONDS));
    }

    void close() {
        askTimer.dispose();
        markTimer.dispose();
    }
}
