package io.asyncgateway.websocket.redis;

import io.asyncgateway.websocket.channel.DropReason;
import io.asyncgateway.websocket.channel.LocalChannels;
import io.lettuce.core.LMoveArgs;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Operators;

/**
 * What this node reads of one shared channel. It takes messages one by one as its readers ask for them: each moves from the list of the channel to the
 * list of what this node has taken, and out of that when a reader has it. If an answer is lost on the way, that list says what it was; and what no reader
 * wants any more moves back. All in the serial of {@link SharedReaders}.
 */
final class SharedChannel {
    /** A message that was taken, and whether Redis has it in the list of what was taken. */
    private record Held(SharedMessage message, boolean listed) {}

    private static final Logger LOG = LoggerFactory.getLogger(Redis.class);
    /** Messages that are under way at the same time. */
    private static final int WINDOW = 16;

    final String name;
    final SharedKeys keys;

    private final RedisConnections redis;
    private final LocalChannels channels;
    private final Serial serial;
    private final Runnable settled;
    private final Deque<SharedReader> readers = new ArrayDeque<>();
    private final Deque<Held> held = new ArrayDeque<>();
    /** Handed to a reader, and not yet known to be out of the list of what was taken. */
    private final Set<String> unconfirmed = new HashSet<>();

    private int fetching;
    private int settling;
    /** The list was empty when last looked at; whoever fills it says so. */
    private boolean empty;

    private long wakes;
    /** The answer to a command was lost: first look at what was taken. */
    private boolean doubtful;

    private boolean recovering;

    SharedChannel(
            String name,
            SharedKeys keys,
            RedisConnections redis,
            LocalChannels channels,
            Serial serial,
            Runnable settled) {
        this.name = name;
        this.keys = keys;
        this.redis = redis;
        this.channels = channels;
        this.serial = serial;
        this.settled = settled;
    }

    void add(SharedReader reader) {
        readers.add(reader);
        empty = false;
    }

    /** There may be messages. */
    void wake() {
        wakes++;
        empty = false;
        work();
    }

    boolean isUnused() {
        return readers.isEmpty() && held.isEmpty() && fetching == 0 && settling == 0 && !doubtful && !recovering;
    }

    /** Does what there is to do: hands over, gives back, takes more. */
    void work() {
        readers.removeIf(SharedReader::isCancelled);
        if (doubtful || recovering) {
            recover();
            return;
        }
        deliver();
        long demand = demand();
        while (!empty && !doubtful && fetching < Math.min(WINDOW, demand)) {
            fetch();
        }
        if (demand == 0 && fetching == 0) {
            giveBack();
        }
    }

    private long demand() {
        long demand = 0;
        for (SharedReader reader : readers) {
            demand = Operators.addCap(demand, reader.demand());
        }
        return demand;
    }

    private void fetch() {
        fetching++;
        long before = wakes;
        ask(
                redis.send(to -> to.lmove(keys.list(), keys.taken(), LMoveArgs.Builder.leftRight())),
                value -> {
                    fetching--;
                    if (value != null) {
                        taken(value);
                    } else if (wakes == before) {
                        empty = true;
                    }
                },
                () -> fetching--);
    }

    private void taken(byte[] value) {
        redis.tell(to -> to.pexpire(keys.taken(), channels.options().expiry().multipliedBy(2)));
        hold(new SharedMessage(value), true);
    }

    private void hold(SharedMessage message, boolean listed) {
        Held taken = new Held(message, listed);
        if (message.isMalformed()) {
            LOG.warn("redis: {} has a value that is no message; it is dropped", keys.list());
            confirm(taken, "");
        } else if (message.isExpired(redis.clock.millis())) {
            channels.dropped(DropReason.EXPIRED, name, 1);
            confirm(taken, message.id());
        } else {
            held.add(taken);
        }
    }

    private void deliver() {
        while (!held.isEmpty()) {
            SharedReader reader = nextReader();
            if (reader == null) {
                return;
            }
            Held next = held.remove();
            channels.countRead();
            confirm(next, next.message.id());
            emit(reader, next.message);
        }
    }

    private void emit(SharedReader reader, SharedMessage message) {
        try {
            reader.next(message.payload());
        } catch (RuntimeException failure) {
            LOG.error("a subscriber of channel {} threw; it is unsubscribed", name, failure);
            reader.cancel();
        }
    }

    private @Nullable SharedReader nextReader() {
        for (int i = readers.size(); i > 0; i--) {
            SharedReader reader = readers.remove();
            readers.add(reader);
            if (reader.demand() > 0) {
                return reader;
            }
        }
        return null;
    }

    /** The first of the taken ones is done with. */
    private void confirm(Held done, String id) {
        if (done.listed) {
            unconfirmed.add(id);
            settling++;
            ask(
                    redis.send(to -> to.lpop(keys.taken())),
                    popped -> {
                        settling--;
                        unconfirmed.remove(id);
                    },
                    () -> settling--);
        }
    }

    /** Last in, first out, so that the order in the list of the channel is again what it was. */
    private void giveBack() {
        boolean any = !held.isEmpty();
        while (!held.isEmpty()) {
            Held last = held.removeLast();
            settling++;
            CompletableFuture<?> moved = last.listed
                    ? redis.send(to -> to.lmove(keys.taken(), keys.list(), LMoveArgs.Builder.rightLeft()))
                    : redis.send(to -> to.lpush(keys.list(), last.message.value()));
            ask(moved, value -> settling--, () -> settling--);
        }
        if (any) {
            redis.tell(to -> to.spublish(keys.wake(), new byte[0]));
        }
    }

    /** Finds out what became of the commands whose answers were lost, once no others are under way. */
    private void recover() {
        if (recovering || fetching > 0 || settling > 0 || !redis.commands.isReady()) {
            return;
        }
        recovering = true;
        Answers.whenDone(
                redis.send(to -> to.lrange(keys.taken(), 0, -1)),
                (values, failure) -> serial.execute(() -> {
                    recovering = false;
                    if (values != null) {
                        doubtful = false;
                        reconcile(values);
                        empty = false;
                        work();
                    }
                }));
    }

    private void reconcile(List<byte[]> values) {
        Map<String, SharedMessage> listed = new LinkedHashMap<>();
        for (byte[] value : values) {
            SharedMessage message = new SharedMessage(value);
            if (message.isMalformed() || unconfirmed.contains(message.id())) {
                settling++;
                ask(redis.send(to -> to.lrem(keys.taken(), 1, value)), removed -> settling--, () -> settling--);
            } else {
                listed.put(message.id(), message);
            }
        }
        unconfirmed.clear();
        // Redis may have lost what this node still has.
        List<Held> before = List.copyOf(held);
        held.clear();
        for (Held one : before) {
            if (!listed.containsKey(one.message.id())) {
                held.add(new Held(one.message, false));
            }
        }
        listed.values().forEach(message -> hold(message, true));
    }

    private <T> void ask(CompletableFuture<T> answer, Consumer<@Nullable T> then, Runnable otherwise) {
        Answers.whenDone(
                answer,
                (value, failure) -> serial.execute(() -> {
                    if (failure == null) {
                        then.accept(value);
                    } else {
                        doubtful = true;
                        otherwise.run();
                    }
                    work();
                    settled.run();
                }));
    }

    void complete() {
        readers.forEach(SharedReader::complete);
        readers.clear();
    }
}
