package io.asyncgateway.websocket.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Phaser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

/** The contract, and the bounds of the one in memory. */
class InMemoryHistoryTest extends HistoryContractTest {
    private final InMemoryHistory history =
            InMemoryHistory.builder().maxEntries(500).build();
    private final HandClock clock = new HandClock();
    private @Nullable History ofAge;

    @Override
    protected History history() {
        return history;
    }

    @Override
    protected History history(Duration maxAge) {
        // Made long ago, so that the ids of old entries are their times.
        clock.advance(Duration.ofDays(-1));
        ofAge = InMemoryHistory.builder()
                .maxEntries(500)
                .maxAge(maxAge)
                .clock(clock)
                .build();
        clock.advance(Duration.ofDays(1));
        return ofAge;
    }

    @Override
    protected EntryId appendAged(String room, String text, Duration age) {
        clock.advance(age.negated());
        EntryId id = append(Objects.requireNonNull(ofAge), room, text);
        clock.advance(age);
        return id;
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }

    @Override
    protected void forget(String room, EntryId through) {
        history.forget(room, through);
    }

    private static EntryId append(History history, String room, String text) {
        return history.append(room, bytes(text)).block();
    }

    private static List<String> kept(History history, String room) {
        return history.range(room, null, EntryId.MAX, 1_000)
                .flatMapMany(Range::entries)
                .map(HistoryContractTest::text)
                .collectList()
                .block();
    }

    private static boolean isComplete(History history, String room, @Nullable EntryId after) {
        return history.range(room, after, EntryId.MAX, 1_000).block().complete();
    }

    @Test
    void theDefaultsAreThoseThatTheDocumentationSays() {
        InMemoryHistory defaults = new InMemoryHistory();
        for (int i = 0; i < 101; i++) {
            append(defaults, "many", "m" + i);
        }
        assertThat(kept(defaults, "many")).hasSize(100).startsWith("m1");

        String half = "x".repeat(512 * 1024);
        append(defaults, "large", half);
        append(defaults, "large", half);
        assertThat(kept(defaults, "large")).hasSize(2);
        append(defaults, "large", "x");
        assertThat(kept(defaults, "large")).hasSize(2);
    }

    @Test
    void theOldestEntriesGoWhenThereAreTooMany() {
        History three = InMemoryHistory.builder().maxEntries(3).build();
        EntryId a = append(three, "r", "a");
        EntryId b = append(three, "r", "b");
        append(three, "r", "c");
        append(three, "r", "d");
        append(three, "r", "e");

        assertThat(kept(three, "r")).containsExactly("c", "d", "e");
        assertThat(isComplete(three, "r", a)).isFalse();
        assertThat(isComplete(three, "r", b)).as("the last that went was seen").isTrue();
        assertThat(isComplete(three, "r", EntryId.ZERO)).isFalse();
    }

    @Test
    void aRoomThatNeverDroppedAnythingIsCompleteFromItsBeginning() {
        EntryId beginning = history.latest("r").block();
        append(history, "r", "a");
        assertThat(isComplete(history, "r", beginning)).isTrue();
    }

    @Test
    void whatAProcessBeforeThisOneKeptIsMissingAndSaidToBe() {
        History before = InMemoryHistory.builder().clock(clock).build();
        EntryId lastSeen = append(before, "r", "a");
        append(before, "r", "b");
        clock.advance(Duration.ofSeconds(1));
        History after = InMemoryHistory.builder().clock(clock).build();
        append(after, "r", "c");

        assertThat(isComplete(after, "r", lastSeen)).isFalse();
        assertThat(kept(after, "r")).containsExactly("c");
    }

    @Test
    void theOldestEntriesGoWhenTheyAreTooLarge() {
        InMemoryHistory ten = InMemoryHistory.builder().maxBytes(10).build();
        append(ten, "r", "aaaa");
        append(ten, "r", "bbbb");
        append(ten, "r", "cccc");

        assertThat(kept(ten, "r")).containsExactly("bbbb", "cccc");
        assertThat(ten.totalBytes()).isEqualTo(8);
    }

    @Test
    void anEntryThatIsLargerThanARoomIsRefused() {
        History ten = InMemoryHistory.builder().maxBytes(10).build();
        StepVerifier.create(ten.append("r", ByteBuffer.allocate(11)))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("payload: 11 bytes (expected: at most 10, the bound of a room)"))
                .verify();
        assertThat(kept(ten, "r")).isEmpty();
    }

    @Test
    void entriesThatAreTooOldAreNotGivenOutAnyMore() {
        InMemoryHistory minute = InMemoryHistory.builder()
                .maxAge(Duration.ofMinutes(1))
                .clock(clock)
                .build();
        EntryId a = append(minute, "r", "a");
        clock.advance(Duration.ofSeconds(30));
        EntryId b = append(minute, "r", "b");
        clock.advance(Duration.ofMillis(29_999));
        assertThat(kept(minute, "r")).containsExactly("a", "b");

        clock.advance(Duration.ofMillis(1));
        assertThat(kept(minute, "r")).containsExactly("b");
        assertThat(isComplete(minute, "r", EntryId.ZERO)).isFalse();
        assertThat(isComplete(minute, "r", a)).isTrue();

        clock.advance(Duration.ofMinutes(1));
        assertThat(kept(minute, "r")).isEmpty();
        assertThat(minute.totalBytes()).isZero();
        assertThat(minute.latest("r").block()).isEqualTo(b);
    }

    @Test
    void idsAreTheTimeAndACounter() {
        History byHand = InMemoryHistory.builder().clock(clock).build();
        long now = clock.millis();
        assertThat(append(byHand, "r", "a")).hasToString(now + "-0");
        assertThat(append(byHand, "r", "b")).hasToString(now + "-1");
        clock.advance(Duration.ofMillis(5));
        assertThat(append(byHand, "r", "c")).hasToString((now + 5) + "-0");
    }

    @Test
    void idsAscendWhenTheClockGoesBack() {
        History byHand = InMemoryHistory.builder().clock(clock).build();
        EntryId before = append(byHand, "r", "a");
        clock.advance(Duration.ofMinutes(-5));

        EntryId after = append(byHand, "r", "b");
        assertThat(after).isGreaterThan(before);
        assertThat(after.time()).isEqualTo(before.time());
    }

    @Test
    void theRoomThatIsQuietForLongestGoesWhenThereAreTooMany() {
        InMemoryHistory two = InMemoryHistory.builder().maxRooms(2).build();
        append(two, "a", "1");
        append(two, "b", "1");
        append(two, "a", "2");
        append(two, "c", "1");

        assertThat(two.rooms()).isEqualTo(2);
        assertThat(kept(two, "b")).isEmpty();
        assertThat(kept(two, "a")).containsExactly("1", "2");
        assertThat(kept(two, "c")).containsExactly("1");
    }

    @Test
    void theRoomThatIsQuietForLongestGoesWhenAllTogetherAreTooLarge() {
        InMemoryHistory small =
                InMemoryHistory.builder().maxBytes(10).maxTotalBytes(20).build();
        append(small, "a", "1234567890");
        append(small, "b", "12345");
        append(small, "c", "1234567890");

        assertThat(small.totalBytes()).isEqualTo(15);
        assertThat(kept(small, "a")).isEmpty();
        assertThat(kept(small, "b")).isNotEmpty();
        assertThat(kept(small, "c")).isNotEmpty();
    }

    @Test
    void manySmallRoomsMakePlaceForOneLargeEntry() {
        InMemoryHistory small =
                InMemoryHistory.builder().maxBytes(100).maxTotalBytes(100).build();
        for (int i = 0; i < 100; i++) {
            append(small, "r" + i, "x");
        }
        append(small, "large", "x".repeat(100));

        assertThat(small.totalBytes()).isEqualTo(100);
        assertThat(small.rooms()).isEqualTo(1);
    }

    @Test
    void anIdleRoomGoesWithTheNextEntryOfAnother() {
        InMemoryHistory hour = InMemoryHistory.builder()
                .roomExpiry(Duration.ofHours(1))
                .clock(clock)
                .build();
        append(hour, "idle", "a");
        clock.advance(Duration.ofMinutes(59));
        append(hour, "busy", "a");
        assertThat(hour.rooms()).isEqualTo(2);

        clock.advance(Duration.ofMinutes(1));
        append(hour, "busy", "b");
        assertThat(hour.rooms()).isEqualTo(1);
        assertThat(kept(hour, "idle")).isEmpty();
    }

    @Test
    void idsOfARoomThatWasDroppedGoOnAscending() {
        InMemoryHistory one = InMemoryHistory.builder().maxRooms(1).clock(clock).build();
        EntryId first = append(one, "a", "1");
        append(one, "b", "1");
        clock.advance(Duration.ofMinutes(-1));
        assertThat(one.latest("a").block()).isGreaterThanOrEqualTo(first);

        assertThat(append(one, "a", "2")).isGreaterThan(first);
        assertThat(isComplete(one, "a", EntryId.ZERO))
                .as("what came before is forgotten")
                .isFalse();
    }

    @Test
    void aRoomThatIsBeingTailedGoesOnAfterItsEntriesWereDropped() {
        InMemoryHistory two = InMemoryHistory.builder().maxRooms(2).build();
        List<String> seen = new ArrayList<>();
        Disposable tail = two.tail("tailed", two.latest("tailed").block())
                .map(HistoryContractTest::text)
                .subscribe(seen::add);
        append(two, "tailed", "1");
        for (int i = 0; i < 20; i++) {
            append(two, "r" + i, "x");
        }
        assertThat(kept(two, "tailed")).isEmpty();
        assertThat(two.rooms()).isLessThanOrEqualTo(3);

        append(two, "tailed", "2");
        assertThat(seen).containsExactly("1", "2");

        tail.dispose();
        append(two, "tailed", "3");
        assertThat(seen).containsExactly("1", "2");
    }

    @Test
    void tailsOfEmptyRoomsLeaveNothingBehind() {
        for (int i = 0; i < 100; i++) {
            history.tail("r" + i, EntryId.MAX).subscribe().dispose();
        }
        assertThat(history.rooms()).isZero();
    }

    @Test
    void aTailMayCancelAndAskFromWithinItsSubscriber() {
        EntryId start = history.latest("r").block();
        append(history, "r", "a");
        append(history, "r", "b");
        append(history, "r", "c");

        StepVerifier.create(history.tail("r", start)
                        .map(HistoryContractTest::text)
                        .limitRate(1)
                        .take(2))
                .expectNext("a", "b")
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void aTailThatCameAndWentWhileOthersAppendSeesAGaplessStretch() {
        InMemoryHistory busy = InMemoryHistory.builder().maxEntries(50).build();
        Phaser done = new Phaser(1);
        for (int w = 0; w < 2; w++) {
            done.register();
            Thread writer = new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    append(busy, "r", "x");
                }
                done.arriveAndDeregister();
            });
            writer.start();
        }
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            EntryId start = busy.latest("r").block();
            List<EntryId> seen = new ArrayList<>();
            Disposable tail = busy.tail("r", start)
                    .map(Entry::id)
                    .take(random.nextInt(1, 20))
                    .subscribe(seen::add, failure -> {});
            List<EntryId> kept = busy.range("r", start, EntryId.MAX, 50)
                    .filter(Range::complete)
                    .flatMapMany(Range::entries)
                    .map(Entry::id)
                    .collectList()
                    .block();
            tail.dispose();
            int common = Math.min(kept.size(), seen.size());
            assertThat(List.copyOf(seen).subList(0, common)).isEqualTo(kept.subList(0, common));
        }
        done.arriveAndAwaitAdvance();
    }

    @Test
    void boundsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> InMemoryHistory.builder().maxEntries(0)).hasMessage("maxEntries: 0 (expected: >= 1)");
        assertThatThrownBy(() -> InMemoryHistory.builder().maxBytes(0)).hasMessage("maxBytes: 0 (expected: >= 1)");
        assertThatThrownBy(() -> InMemoryHistory.builder().maxRooms(-1)).hasMessage("maxRooms: -1 (expected: >= 1)");
        assertThatThrownBy(() -> InMemoryHistory.builder().maxTotalBytes(0))
                .hasMessage("maxTotalBytes: 0 (expected: >= 1)");
        assertThatThrownBy(() -> InMemoryHistory.builder().maxAge(Duration.ZERO))
                .hasMessage("maxAge: PT0S (expected: at least 1 ms)");
        assertThatThrownBy(() -> InMemoryHistory.builder().roomExpiry(Duration.ofNanos(5)))
                .hasMessage("roomExpiry: PT0.000000005S (expected: at least 1 ms)");
        assertThatThrownBy(() ->
                        InMemoryHistory.builder().maxBytes(11).maxTotalBytes(10).build())
                .hasMessage("maxTotalBytes: 10 (expected: >= maxBytes, which is 11)");
    }

    /** A clock that stands until it is moved. */
    private static final class HandClock extends Clock {
        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
