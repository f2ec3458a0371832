package io.asyncgateway.websocket.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.websocket.history.Entry;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.History;
import io.asyncgateway.websocket.history.HistoryContractTest;
import io.asyncgateway.websocket.history.HistoryGapException;
import io.asyncgateway.websocket.history.Range;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The contract of histories, on a real Redis, and what is special there: several nodes, bounds, and a Redis that comes back empty. */
class RedisHistoryTest extends RedisHistoryContractTest {
    @RegisterExtension
    private static final Shared<RedisServer> REDIS = new Shared<>(RedisServer::start);

    @Override
    RedisOptions options() {
        return RedisOptions.of(REDIS.get().uri());
    }

    @Override
    String command(String... words) {
        try {
            return REDIS.get().command(words);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void whatOneNodeAppendsAnotherOneTails() {
        History one = history();
        History other = history();
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        other.tail(room, EntryId.ZERO).map(HistoryContractTest::text).subscribe(seen::add);
        List<String> expected = IntStream.range(0, 200).mapToObj(i -> "m" + i).toList();

        Flux.fromIterable(expected)
                .concatMap(text -> one.append(room, bytes(text)))
                .blockLast(TIMEOUT);

        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(List.copyOf(seen)).isEqualTo(expected));
    }

    @Test
    void theOldestEntriesGoWhenThereAreTooManyAndItIsKnownFromWhereOn() {
        History history = history(RedisHistoryOptions.defaults().withMaxEntries(20));
        List<EntryId> ids =
                IntStream.range(0, 100).mapToObj(i -> append(history, "m" + i)).toList();

        await().atMost(TIMEOUT).until(() -> kept(history).size() <= 22);
        List<String> kept = kept(history);
        assertThat(kept).hasSizeGreaterThanOrEqualTo(20).endsWith("m99");
        int first = 100 - kept.size();
        assertThat(isComplete(history, ids.get(first - 1)))
                .as("the last that went was seen")
                .isTrue();
        assertThat(isComplete(history, ids.get(first - 2))).isFalse();
        assertThat(isComplete(history, EntryId.ZERO)).isFalse();
    }

    @Test
    void rangesAndTailsOfManyEntriesComeInPages() {
        History history = history();
        List<EntryId> ids =
                IntStream.range(0, 150).mapToObj(i -> append(history, "m" + i)).toList();

        assertThat(kept(history)).hasSize(150).startsWith("m0").endsWith("m149");
        Range newest = history.range(room, ids.get(10), EntryId.MAX, 101).block(TIMEOUT);
        assertThat(newest.complete()).isFalse();
        assertThat(newest.entries().map(Entry::id).collectList().block(TIMEOUT)).isEqualTo(ids.subList(49, 150));
        StepVerifier.create(history.tail(room, ids.get(9)).map(Entry::id).take(140))
                .expectNextSequence(ids.subList(10, 150))
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void aRangeWhoseEntriesGoWhileItIsReadFailsWithTheGap() {
        History history = history();
        List<EntryId> ids =
                IntStream.range(0, 100).mapToObj(i -> append(history, "m" + i)).toList();
        Range range = history.range(room, ids.get(0), EntryId.MAX, 1_000).block(TIMEOUT);
        forget(room, ids.get(98));

        StepVerifier.create(range.entries())
                .expectError(HistoryGapException.class)
                .verify(TIMEOUT);
    }

    @Test
    void aRoomIsForgottenAfterItsExpiryUnlessItIsTailed() {
        History history = history(RedisHistoryOptions.defaults().withRoomExpiry(Duration.ofHours(1)));
        append(history, "a");

        String left = command("PTTL", key(room)).substring(1).strip();
        assertThat(Long.parseLong(left)).isBetween(3_500_000L, 3_600_000L);
    }

    @Test
    void aRoomIsNotForgottenWhileItIsTailedHoweverShortItsExpiry() {
        History history = history(RedisHistoryOptions.defaults().withRoomExpiry(Duration.ofSeconds(4)));
        Disposable tail = history.tail(room, append(history, "a")).subscribe();
        AtomicLong left = new AtomicLong(Long.MAX_VALUE);

        await("until it is prolonged").atMost(TIMEOUT).until(() -> {
            long now = Long.parseLong(command("PTTL", key(room)).substring(1).strip());
            assertThat(now).isPositive();
            return now > left.getAndSet(now);
        });
        tail.dispose();
    }

    @Test
    void ofARoomThatRedisHasLostItIsSaidThatSomethingMayBeMissing() {
        History history = history();
        EntryId seen = append(history, "a");
        append(history, "b");
        Queue<Entry> tailed = new ConcurrentLinkedQueue<>();
        Queue<Throwable> ended = new ConcurrentLinkedQueue<>();
        history.tail(room, EntryId.ZERO).subscribe(tailed::add, ended::add);
        await().atMost(TIMEOUT).until(() -> tailed.size() == 2);
        command("DEL", key(room));
        assertThat(isComplete(history, seen)).isFalse();
        EntryId after = append(history, "c");

        assertThat(isComplete(history, seen)).isFalse();
        assertThat(kept(history)).containsExactly("c");
        await().atMost(TIMEOUT).until(() -> !ended.isEmpty());
        assertThat(ended.peek()).isInstanceOf(HistoryGapException.class);
        EntryId resumeAfter = ((HistoryGapException) ended.peek()).resumeAfter();
        StepVerifier.create(history.tail(room, resumeAfter).map(Entry::id))
                .expectNext(after)
                .thenCancel()
                .verify(TIMEOUT);
    }

    @Test
    void anEntryThatIsTooLargeIsRefused() {
        History history = history(RedisHistoryOptions.defaults().withMaxEntryBytes(10));

        StepVerifier.create(history.append(room, ByteBuffer.allocate(11)))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("payload: 11 bytes (expected: at most 10)"))
                .verify(TIMEOUT);
    }

    @Test
    void thereIsOneHistoryForEachConnection() {
        history();

        assertThatThrownBy(() -> connections.get(0).history(RedisHistoryOptions.defaults()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("redis: there is a history already (expected: one for each connect)");
    }

    @Test
    void tailsFailWhenTheConnectionsAreClosed() {
        History history = history();
        Redis redis = connections.get(connections.size() - 1);

        StepVerifier.create(history.tail(room, EntryId.ZERO))
                .then(() -> redis.close().block(TIMEOUT))
                .expectErrorMessage("redis: closed")
                .verify(TIMEOUT);
    }

    /** LeakExtension looks for what would be left: one time in some, a buffer of a socket that nobody closes. */
    @Test
    void aConnectionThatIsStillBeingMadeAtTheEndLeavesNothingBehind() {
        for (int i = 0; i < 30; i++) {
            Disposable tail = history().tail(room, EntryId.ZERO).subscribe(entry -> {}, closed -> {});
            connections.get(connections.size() - 1).close().block(TIMEOUT);
            assertThat(tail.isDisposed()).isTrue();
        }
    }

    @Test
    void entriesThatAreTooOldAreDeletedWhileTheRoomHasATail() {
        History history = history(HOUR);
        EntryId last = appendAged(room, "old", HOUR.multipliedBy(2));
        Disposable tail = history.tail(room, last).subscribe();

        await().atMost(TIMEOUT).until(() -> length() == 0);
        tail.dispose();
    }

    @Test
    void nodesThatTrimAtTheSameTimeLeaveWhatIsWithinTheBound() {
        int bound = 20;
        List<History> nodes = Stream.generate(
                        () -> history(RedisHistoryOptions.defaults().withMaxEntries(bound)))
                .limit(3)
                .toList();
        IntStream.range(0, bound).forEach(i -> append(nodes.get(0), "first"));
        AtomicInteger fewest = new AtomicInteger(bound);

        whileAppending(nodes, 1_500, 24, () -> fewest.accumulateAndGet(length(), Math::min));

        assertThat(fewest).hasValue(bound);
        await().atMost(TIMEOUT).until(() -> length() <= bound + bound / 10);
        assertThat(kept(nodes.get(0))).hasSizeGreaterThanOrEqualTo(bound);
    }

    @Test
    void behindEachBurstTheBoundHoldsAgainThoughNothingFollows() {
        int bound = 20;
        History history = history(RedisHistoryOptions.defaults().withMaxEntries(bound));
        for (int burst = 0; burst < 40; burst++) {
            Flux.range(0, 50)
                    .flatMap(i -> history.append(room, bytes("m" + i)), 50)
                    .blockLast(TIMEOUT);
            await().pollInterval(Duration.ofMillis(5)).atMost(TIMEOUT).until(() -> length() <= bound + bound / 10);
        }
    }

    private void whileAppending(List<History> nodes, int count, int atATime, Runnable look) {
        Mono<Void> appends = Flux.range(0, count)
                .flatMap(i -> nodes.get(i % nodes.size()).append(room, bytes("m" + i)), atATime)
                .then();
        Mono<Void> looks = Mono.fromRunnable(look)
                .subscribeOn(Schedulers.boundedElastic())
                .repeat()
                .then();
        Mono.firstWithSignal(appends, looks).block(TIMEOUT.multipliedBy(3));
    }

    @Test
    void aBurstDoesNotOutrunTheBound() {
        int bound = 100;
        int atATime = 256;
        History history = history(RedisHistoryOptions.defaults().withMaxEntries(bound));
        AtomicInteger most = new AtomicInteger();

        whileAppending(List.of(history), 5_000, atATime, () -> most.accumulateAndGet(length(), Math::max));

        assertThat(most).hasValueBetween(bound, 2 * bound + 2 * atATime);
        await().atMost(TIMEOUT).until(() -> length() <= bound + bound / 10);
    }
}
