package io.asyncgateway.websocket.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.History;
import io.asyncgateway.websocket.history.HistoryContractTest;
import io.asyncgateway.websocket.history.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The contract of histories on Redis Streams, and how entries that are too old are deleted. A test class says on what kind of Redis. */
abstract class RedisHistoryContractTest extends HistoryContractTest {
    final List<Redis> connections = new ArrayList<>();

    private final List<Mono<Void>> closing = new ArrayList<>();
    private Duration passed = Duration.ZERO;

    abstract RedisOptions options();

    /** Sends a command about a room by a connection of its own, and gives the beginning of the answer. */
    abstract String command(String... words);

    final String key(String room) {
        return options().keyPrefix() + ":h:{" + room + "}";
    }

    /** Of a node of its own, with the time of Redis. */
    final History history(RedisHistoryOptions bounds) {
        Redis redis = Redis.connect(options()).block(TIMEOUT);
        connections.add(redis);
        closing.add(redis.close());
        return redis.history(bounds);
    }

    private static RedisHistoryOptions bounds() {
        return RedisHistoryOptions.defaults().withMaxEntries(500);
    }

    @Override
    protected History history() {
        return history(bounds());
    }

    /** With a time that the test moves on; that of Redis, which is on the same machine, can't be. */
    @Override
    protected History history(Duration maxAge) {
        RedisOptions options = options();
        RedisConnections redis = new RedisConnections(RedisAddress.parse(options), options);
        redis.connect().block(TIMEOUT);
        RedisHistory history = new RedisHistory(
                redis, bounds().withMaxAge(maxAge), () -> System.currentTimeMillis() + passed.toMillis());
        closing.add(Mono.defer(() -> {
            history.close();
            return redis.close();
        }));
        return history;
    }

    @AfterEach
    void closeConnections() {
        closing.forEach(close -> close.block(TIMEOUT));
        closing.clear();
    }

    @Override
    protected void pass(Duration time) {
        passed = passed.plus(time);
    }

    @Override
    protected EntryId appendAged(String room, String text, Duration age) {
        EntryId id = new EntryId(System.currentTimeMillis() - age.toMillis(), 1);
        String answer = command("XADD", key(room), id.toString(), "d", text);
        assertThat(answer).contains(id.toString());
        return id;
    }

    @Override
    protected void forget(String room, EntryId through) {
        List<String> words = new ArrayList<>(List.of("XDEL", key(room)));
        history()
                .range(room, null, through, 1_000)
                .flatMapMany(Range::entries)
                .map(entry -> entry.id().toString())
                .collectList()
                .block(TIMEOUT)
                .forEach(words::add);
        command(words.toArray(String[]::new));
    }

    final EntryId append(History history, String text) {
        return history.append(room, bytes(text)).block(TIMEOUT);
    }

    final List<String> kept(History history) {
        return history.range(room, null, EntryId.MAX, 10_000)
                .flatMapMany(Range::entries)
                .map(HistoryContractTest::text)
                .collectList()
                .block(TIMEOUT);
    }

    final boolean isComplete(History history, EntryId after) {
        return history.range(room, after, EntryId.MAX, 1_000).block(TIMEOUT).complete();
    }

    /** Entries of the room that are in Redis. */
    final int length() {
        return Integer.parseInt(command("XLEN", key(room)).substring(1).strip());
    }

    private List<EntryId> appendOld(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> appendAged(room, "old" + i, Duration.ofMinutes(1_000 - i)))
                .toList();
    }

    @Test
    void entriesThatAreTooOldAreDeletedWithTheNextOneByTheClockOfRedis() {
        History history = history(RedisHistoryOptions.defaults().withMaxAge(HOUR));
        List<EntryId> old = appendOld(100);
        EntryId young = appendAged(room, "young", Duration.ofMinutes(59));
        append(history, "new");

        await().atMost(TIMEOUT).until(() -> length() == 2);
        assertThat(kept(history)).containsExactly("young", "new");
        assertThat(isComplete(history, old.get(98))).isFalse();
        assertThat(isComplete(history, old.get(99)))
                .as("the last that went was seen")
                .isTrue();
        assertThat(isComplete(history, young)).isTrue();
    }

    @Test
    void entriesThatAreTooOldAreDeletedWhenTheRoomIsRead() {
        History history = history(HOUR);
        List<EntryId> old = appendOld(40);

        assertThat(kept(history)).isEmpty();
        await().atMost(TIMEOUT).until(() -> length() == 0);
        assertThat(history.latest(room).block(TIMEOUT)).isEqualTo(old.get(39));
        assertThat(isComplete(history, old.get(38))).isFalse();
        assertThat(isComplete(history, old.get(39))).isTrue();
    }

    @Test
    void withoutAnAgeEntriesAreKeptHoweverOldTheyAre() {
        History history = history();
        List<EntryId> old = appendOld(3);
        append(history, "new");

        assertThat(kept(history)).containsExactly("old0", "old1", "old2", "new");
        assertThat(isComplete(history, old.get(0))).isTrue();
    }
}
