package io.asyncgateway.websocket.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/**
 * What {@link History} promises, whoever implements it, and that entries which are too old are no longer kept. An implementation's test class says how to make one, how to
 * make it forget, and how time goes on for it.
 */
public abstract class HistoryContractTest {
    protected static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** How long the entries of {@link #history(Duration)} are kept in these tests. */
    protected static final Duration HOUR = Duration.ofHours(1);

    /** A room of its own for each test. */
    protected final String room = "room-" + UUID.randomUUID();

    private History history;
    /** The position of the room before its first entry. */
    private EntryId start;

    /** A history that keeps at least 200 entries of up to 1,000 bytes for each room. */
    protected abstract History history();

    /** Drops the entries of a room up to an id, inclusive, as the bounds of the history would. */
    protected abstract void forget(String room, EntryId through);

    /** One with an age from which on entries are no longer kept; otherwise as {@link #history()}. */
    protected abstract History history(Duration maxAge);

    /** Appends an entry to the last {@link #history(Duration)} as if it had been done some time ago; called with less and less of that. */
    protected abstract EntryId appendAged(String room, String text, Duration age);

    /** Lets time go on for the last {@link #history(Duration)}; nothing is appended afterwards. */
    protected abstract void pass(Duration time);

    @BeforeEach
    void makeHistory() {
        use(history());
    }

    private void use(History used) {
        history = used;
        start = history.latest(room).block(TIMEOUT);
    }

    private EntryId append(String text) {
        return history.append(room, bytes(text)).block(TIMEOUT);
    }

    private List<EntryId> appendAll(String... texts) {
        List<EntryId> ids = new ArrayList<>();
        for (String text : texts) {
            ids.add(append(text));
        }
        return ids;
    }

    private Range range(@Nullable EntryId after, EntryId through, int limit) {
        return history.range(room, after, through, limit).block(TIMEOUT);
    }

    private static List<String> texts(Range range) {
        return range.entries().map(HistoryContractTest::text).collectList().block(TIMEOUT);
    }

    protected static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    protected static String text(Entry entry) {
        return UTF_8.decode(entry.payload()).toString();
    }

    @Test
    void idsAscend() {
        List<EntryId> ids = appendAll("a", "b", "c");

        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(ids.get(0)).isGreaterThan(EntryId.ZERO);
    }

    @Test
    void nothingHappensBeforeAnAppendIsSubscribed() {
        history.append(room, bytes("a"));

        assertThat(history.latest(room).block(TIMEOUT)).isEqualTo(start);
    }

    @Test
    void anAppendThatIsSubscribedTwiceAppendsTwice() {
        Mono<EntryId> append = history.append(room, bytes("a"));
        EntryId first = append.block(TIMEOUT);
        EntryId second = append.block(TIMEOUT);

        assertThat(second).isGreaterThan(first);
        assertThat(texts(range(null, EntryId.MAX, 10))).containsExactly("a", "a");
    }

    @Test
    void theBufferOfAnAppendIsNotMovedAndMayBeReusedAfterwards() {
        ByteBuffer buffer = bytes("xabcx").position(1).limit(4);
        history.append(room, buffer).block(TIMEOUT);
        assertThat(buffer.position()).isEqualTo(1);
        assertThat(buffer.limit()).isEqualTo(4);
        buffer.put(1, (byte) '!');

        assertThat(texts(range(null, EntryId.MAX, 10))).containsExactly("abc");
    }

    @Test
    void anyBytesComeBackAsTheyWere() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        history.append(room, ByteBuffer.wrap(all)).block(TIMEOUT);
        history.append(room, ByteBuffer.allocate(0)).block(TIMEOUT);

        List<Entry> kept = range(null, EntryId.MAX, 10).entries().collectList().block(TIMEOUT);
        assertThat(kept).extracting(Entry::payload).containsExactly(ByteBuffer.wrap(all), ByteBuffer.allocate(0));
        assertThat(kept.get(0).payload().isReadOnly()).isTrue();
    }

    @Test
    void roomsDoNotSeeEachOther() {
        append("here");
        history.append(room + "-2", bytes("there")).block(TIMEOUT);

        assertThat(texts(range(null, EntryId.MAX, 10))).containsExactly("here");
        assertThat(texts(history.range(room + "-2", null, EntryId.MAX, 10).block(TIMEOUT)))
                .containsExactly("there");
    }

    @Test
    void theLatestIdIsThatOfTheLastEntryAlsoIfItIsNoLongerKept() {
        append("a");
        EntryId last = append("b");
        assertThat(history.latest(room).block(TIMEOUT)).isEqualTo(last);

        forget(room, last);
        assertThat(history.latest(room).block(TIMEOUT)).isEqualTo(last);
        assertThat(append("c")).isGreaterThan(last);
    }

    @Test
    void theMessagesOfARoomAreCompleteFromItsPositionBeforeTheFirst() {
        assertThat(range(null, EntryId.MAX, 10).complete()).isTrue();
        assertThat(texts(range(null, EntryId.MAX, 10))).isEmpty();

        EntryId first = append("a");
        assertThat(first).isGreaterThan(start);
        assertThat(range(start, first, 10).complete()).isTrue();
        assertThat(texts(range(start, first, 10))).containsExactly("a");
    }

    @Test
    void aRangeBeginsBehindItsStartAndEndsWithItsEnd() {
        List<EntryId> ids = appendAll("a", "b", "c", "d", "e");

        Range range = range(ids.get(1), ids.get(3), 10);
        assertThat(texts(range)).containsExactly("c", "d");
        assertThat(range.complete()).isTrue();
        assertThat(range.entries().map(Entry::id).collectList().block(TIMEOUT)).containsExactly(ids.get(2), ids.get(3));
    }

    @Test
    void anEmptyRangeIsComplete() {
        List<EntryId> ids = appendAll("a", "b");

        Range atTheEnd = range(ids.get(1), ids.get(1), 10);
        assertThat(texts(atTheEnd)).isEmpty();
        assertThat(atTheEnd.complete()).isTrue();
        assertThat(texts(range(ids.get(1), ids.get(0), 10))).isEmpty();
    }

    @Test
    void ofMoreThanTheLimitTheNewestAreGivenAndTheRangeIsNotComplete() {
        List<EntryId> ids = appendAll("a", "b", "c", "d", "e");

        Range cut = range(ids.get(0), EntryId.MAX, 3);
        assertThat(texts(cut)).containsExactly("c", "d", "e");
        assertThat(cut.complete()).isFalse();
        Range exact = range(ids.get(0), EntryId.MAX, 4);
        assertThat(texts(exact)).containsExactly("b", "c", "d", "e");
        assertThat(exact.complete()).isTrue();
        Range none = range(ids.get(0), EntryId.MAX, 0);
        assertThat(texts(none)).isEmpty();
        assertThat(none.complete()).isFalse();
        assertThat(range(null, ids.get(3), 3).complete()).isFalse();
        assertThat(texts(range(null, ids.get(3), 3))).containsExactly("b", "c", "d");
    }

    @Test
    void aRangeWhoseBeginningIsGoneSaysSo() {
        List<EntryId> ids = appendAll("a", "b", "c", "d", "e");
        forget(room, ids.get(2));

        Range range = range(ids.get(0), EntryId.MAX, 10);
        assertThat(texts(range)).containsExactly("d", "e");
        assertThat(range.complete()).isFalse();
        assertThat(range(ids.get(3), EntryId.MAX, 10).complete()).isTrue();
        assertThat(range(null, EntryId.MAX, 10).complete())
                .as("all that are kept")
                .isTrue();
    }

    @Test
    void aRangeOfWhichNothingIsLeftSaysSo() {
        List<EntryId> ids = appendAll("a", "b", "c");
        forget(room, ids.get(2));

        assertThat(range(ids.get(0), ids.get(2), 10).complete()).isFalse();
        assertThat(texts(range(ids.get(0), ids.get(2), 10))).isEmpty();
        assertThat(range(ids.get(2), ids.get(2), 10).complete()).isTrue();
    }

    @Test
    void aRangeIsReadAsSlowlyAsItsSubscriberAsks() {
        appendAll("a", "b", "c");

        StepVerifier.create(range(null, EntryId.MAX, 10).entries().map(HistoryContractTest::text), 0)
                .thenRequest(1)
                .expectNext("a")
                .thenRequest(2)
                .expectNext("b", "c")
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void aNegativeLimitIsRefused() {
        assertThatThrownBy(() -> history.range(room, null, EntryId.MAX, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit: -1 (expected: >= 0)");
    }

    @Test
    void aTailBeginsWithWhatIsKeptAndGoesOnWithWhatComes() {
        List<EntryId> ids = appendAll("a", "b", "c");

        StepVerifier.create(history.tail(room, ids.get(0)).map(HistoryContractTest::text))
                .expectNext("b", "c")
                .then(() -> appendAll("d", "e"))
                .expectNext("d", "e")
                .thenCancel()
                .verify(TIMEOUT);
    }

    @Test
    void aTailOfAnEmptyRoomWaits() {
        StepVerifier.create(history.tail(room, start).map(HistoryContractTest::text))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(50))
                .then(() -> append("a"))
                .expectNext("a")
                .thenCancel()
                .verify(TIMEOUT);
    }

    @Test
    void severalTailsEachGetEverything() {
        EntryId before = append("before");
        Mono<List<String>> first = history.tail(room, before)
                .map(HistoryContractTest::text)
                .take(20)
                .collectList();
        List<String> expected = IntStream.range(0, 20).mapToObj(i -> "m" + i).toList();

        StepVerifier.create(Flux.zip(
                        first,
                        first,
                        Mono.fromRunnable(() -> expected.forEach(this::append)).thenReturn(1)))
                .assertNext(all -> {
                    assertThat(all.getT1()).isEqualTo(expected);
                    assertThat(all.getT2()).isEqualTo(expected);
                })
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void aTailGivesNoMoreThanItIsAskedFor() {
        appendAll("a", "b", "c");

        StepVerifier.create(history.tail(room, start).map(HistoryContractTest::text), 0)
                .thenRequest(1)
                .expectNext("a")
                .thenRequest(1)
                .expectNext("b")
                .thenRequest(10)
                .expectNext("c")
                .thenCancel()
                .verify(TIMEOUT);
    }

    @Test
    void aTailThatStartsBeforeWhatIsKeptFailsWithTheGap() {
        List<EntryId> ids = appendAll("a", "b", "c", "d");
        forget(room, ids.get(2));

        HistoryGapException gap = catchThrowableOfType(
                HistoryGapException.class, () -> history.tail(room, ids.get(0)).blockFirst(TIMEOUT));
        assertThat(gap.room()).isEqualTo(room);
        assertThat(gap.after()).isEqualTo(ids.get(0));
        assertThat(gap.resumeAfter()).isGreaterThanOrEqualTo(ids.get(2)).isLessThan(ids.get(3));
        StepVerifier.create(history.tail(room, gap.resumeAfter()).map(HistoryContractTest::text))
                .expectNext("d")
                .thenCancel()
                .verify(TIMEOUT);
    }

    @Test
    void aTailThatGoesOnAfterItsLastEntryHasNoGapWhenThatEntryIsKept() {
        List<EntryId> ids = appendAll("a", "b", "c", "d");
        forget(room, ids.get(0));

        StepVerifier.create(history.tail(room, ids.get(1)).map(HistoryContractTest::text))
                .expectNext("c", "d")
                .thenCancel()
                .verify(TIMEOUT);
    }

    @Test
    void aTailWorksWhileOthersAppendAndNothingIsMissingOrTwice() {
        int writers = 4;
        int each = 40;
        ConcurrentLinkedQueue<Entry> seen = new ConcurrentLinkedQueue<>();
        Disposable tail = history.tail(room, start).subscribe(seen::add);
        try {
            Flux.range(0, writers)
                    .flatMap(w -> Flux.range(0, each)
                            .concatMap(i -> history.append(room, bytes(w + ":" + i)))
                            .subscribeOn(Schedulers.boundedElastic()))
                    .blockLast(TIMEOUT);

            Awaitility.await().atMost(TIMEOUT).until(() -> seen.size() >= writers * each);
        } finally {
            tail.dispose();
        }
        List<Entry> kept =
                range(null, EntryId.MAX, 1_000).entries().collectList().block(TIMEOUT);
        assertThat(List.copyOf(seen)).isEqualTo(kept).hasSize(writers * each);
        assertThat(kept).extracting(Entry::id).isSorted().doesNotHaveDuplicates();
        for (int w = 0; w < writers; w++) {
            String prefix = w + ":";
            assertThat(kept.stream().map(HistoryContractTest::text).filter(text -> text.startsWith(prefix)))
                    .as("one writer's order")
                    .containsExactlyElementsOf(
                            IntStream.range(0, each).mapToObj(i -> prefix + i).toList());
        }
    }

    @Test
    void replayAndTailMeetWithoutGapOrDuplicateWhileOthersAppend() throws Exception {
        int count = 150;
        EntryId lastSeen = append("0");
        CountDownLatch someAppended = new CountDownLatch(20);
        Disposable writer = Flux.range(1, count - 1)
                .concatMap(i -> history.append(room, bytes("" + i)).doOnNext(id -> someAppended.countDown()))
                .subscribeOn(Schedulers.boundedElastic())
                .subscribe();
        try {
            someAppended.await();
            Flux<String> everythingSince = history.latest(room)
                    .flatMapMany(now -> history.range(room, lastSeen, now, 1_000)
                            .flatMapMany(Range::entries)
                            .concatWith(history.tail(room, now)))
                    .map(HistoryContractTest::text);

            StepVerifier.create(everythingSince.take(count - 1).collectList())
                    .expectNext(IntStream.range(1, count).mapToObj(i -> "" + i).toList())
                    .expectComplete()
                    .verify(TIMEOUT);
        } finally {
            writer.dispose();
        }
    }

    @Test
    void isReady() {
        append("a");
        assertThat(history.isReady()).isTrue();
    }

    private EntryId appendAged(String text, int minutes) {
        return appendAged(room, text, Duration.ofMinutes(minutes));
    }

    @Test
    void entriesThatAreTooOldAreNotGivenOutAndCountAsGone() {
        use(history(HOUR));
        EntryId before = appendAged("before", 120);
        EntryId old = appendAged("old", 61);
        EntryId kept = appendAged("kept", 59);
        append("new");

        assertThat(texts(range(null, EntryId.MAX, 10))).containsExactly("kept", "new");
        assertThat(range(null, EntryId.MAX, 10).complete())
                .as("all that are kept")
                .isTrue();
        for (EntryId seen : List.of(start, before)) {
            assertThat(texts(range(seen, EntryId.MAX, 10))).containsExactly("kept", "new");
            assertThat(range(seen, EntryId.MAX, 10).complete()).isFalse();
            assertThat(texts(range(seen, old, 10))).isEmpty();
            assertThat(range(seen, old, 10).complete()).isFalse();
        }
        assertThat(texts(range(old, EntryId.MAX, 10))).containsExactly("kept", "new");
        assertThat(range(old, EntryId.MAX, 10).complete())
                .as("the last that went was seen")
                .isTrue();
        assertThat(texts(range(kept, EntryId.MAX, 10))).containsExactly("new");
        assertThat(range(kept, EntryId.MAX, 10).complete()).isTrue();
    }

    @Test
    void whoSawTheLastEntryHasMissedNothingHoweverOldItIs() {
        use(history(HOUR));
        EntryId before = appendAged("before", 120);
        EntryId last = appendAged("last", 61);

        assertThat(history.latest(room).block(TIMEOUT)).isEqualTo(last);
        assertThat(texts(range(null, EntryId.MAX, 10))).isEmpty();
        assertThat(texts(range(before, EntryId.MAX, 10))).isEmpty();
        assertThat(range(before, EntryId.MAX, 10).complete()).isFalse();
        assertThat(range(last, EntryId.MAX, 10).complete()).isTrue();

        append("new");
        assertThat(texts(range(last, EntryId.MAX, 10))).containsExactly("new");
        assertThat(range(last, EntryId.MAX, 10).complete()).isTrue();
        assertThat(range(before, EntryId.MAX, 10).complete()).isFalse();
    }

    @Test
    void entriesThatAreTooOldDoNotCountForALimit() {
        use(history(HOUR));
        EntryId old = appendAged("old", 120);
        appendAged("a", 30);
        appendAged("b", 20);
        append("c");

        assertThat(texts(range(null, EntryId.MAX, 3))).containsExactly("a", "b", "c");
        assertThat(range(null, EntryId.MAX, 3).complete()).isTrue();
        assertThat(range(old, EntryId.MAX, 3).complete()).isTrue();
        assertThat(texts(range(null, EntryId.MAX, 2))).containsExactly("b", "c");
        assertThat(range(old, EntryId.MAX, 2).complete()).isFalse();
    }

    @Test
    void aRangeThatWasFoundIsGivenOutAlsoIfItsEntriesGetTooOldMeanwhile() {
        use(history(HOUR));
        appendAll("a", "b");
        Range found = range(start, EntryId.MAX, 10);
        pass(HOUR.multipliedBy(2));

        assertThat(texts(found)).containsExactly("a", "b");
        assertThat(texts(range(start, EntryId.MAX, 10))).isEmpty();
    }

    @Test
    void aTailThatStartsBeforeEntriesThatAreTooOldFailsWithTheGap() {
        use(history(HOUR));
        EntryId before = appendAged("before", 120);
        EntryId old = appendAged("old", 61);
        EntryId kept = appendAged("kept", 59);

        HistoryGapException gap = catchThrowableOfType(
                HistoryGapException.class, () -> history.tail(room, before).blockFirst(TIMEOUT));
        assertThat(gap.after()).isEqualTo(before);
        assertThat(gap.resumeAfter()).isGreaterThanOrEqualTo(old).isLessThan(kept);
        for (EntryId after : List.of(gap.resumeAfter(), old)) {
            StepVerifier.create(history.tail(room, after).map(HistoryContractTest::text))
                    .expectNext("kept")
                    .thenCancel()
                    .verify(TIMEOUT);
        }
    }

    @Test
    void aTailThatIsSoSlowThatEntriesGetTooOldGetsTheGap() {
        use(history(HOUR));
        List<EntryId> ids = appendAll("a", "b", "c");

        StepVerifier.create(history.tail(room, start).map(HistoryContractTest::text), 1)
                .expectNext("a")
                .then(() -> pass(HOUR.multipliedBy(2)))
                .thenRequest(1)
                .expectErrorSatisfies(failure -> {
                    assertThat(failure).isInstanceOf(HistoryGapException.class);
                    assertThat(((HistoryGapException) failure).after()).isEqualTo(ids.get(0));
                    assertThat(((HistoryGapException) failure).resumeAfter()).isEqualTo(ids.get(2));
                })
                .verify(TIMEOUT);
    }
}
