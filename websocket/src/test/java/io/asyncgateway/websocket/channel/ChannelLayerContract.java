package io.asyncgateway.websocket.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What every channel layer promises. A layer's test class inherits it and says how a layer is made. */
public abstract class ChannelLayerContract {
    /** Both kinds of channels keep the same promises. */
    enum Kind {
        OF_THE_NODE,
        SHARED;

        String channel(ChannelLayer layer) {
            return this == SHARED ? "shared" : layer.newChannel();
        }
    }

    protected static final Duration SOON = Duration.ofSeconds(10);
    /** Long enough to notice that something does happen that should not. */
    private static final Duration A_WHILE = Duration.ofMillis(150);

    private final List<ChannelLayer> layers = new ArrayList<>();

    /** A layer with these bounds. Two of them made in one test know nothing of each other if the layer is in memory. */
    protected abstract ChannelLayer create(ChannelLayerOptions options);

    protected final ChannelLayer layer() {
        return layer(ChannelLayerOptions.defaults());
    }

    protected final ChannelLayer layer(ChannelLayerOptions options) {
        ChannelLayer layer = create(options);
        layers.add(layer);
        return layer;
    }

    @AfterEach
    final void closeLayers() {
        layers.forEach(layer -> layer.close().block(SOON));
    }

    protected static ByteBuffer bytes(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    protected static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    private static String next(ChannelLayer layer, String channel) {
        return layer.receive(channel).map(ChannelLayerContract::text).block(SOON);
    }

    private static void send(ChannelLayer layer, String channel, String message) {
        layer.send(channel, bytes(message)).block(SOON);
    }

    private static void groupSend(ChannelLayer layer, String group, String message) {
        layer.groupSend(group, bytes(message)).block(SOON);
    }

    private static String member(ChannelLayer layer, String group) {
        String channel = layer.newChannel();
        layer.groupAdd(group, channel).block(SOON);
        return channel;
    }

    @Test
    void aMessageIsReceivedFromTheChannelItWasSentTo() {
        ChannelLayer layer = layer();
        String channel = layer.newChannel();

        send(layer, channel, "hello");

        assertThat(next(layer, channel)).isEqualTo("hello");
    }

    @Test
    void anEmptyMessageIsAMessage() {
        ChannelLayer layer = layer();
        String channel = member(layer, "group");

        send(layer, channel, "");
        assertThat(next(layer, channel)).isEmpty();
        groupSend(layer, "group", "");
        assertThat(next(layer, channel)).isEmpty();
        send(layer, "shared", "");
        assertThat(next(layer, "shared")).isEmpty();
    }

    @Test
    void aReaderThatWaitsGetsTheNextMessage() {
        ChannelLayer layer = layer();
        String channel = layer.newChannel();

        StepVerifier.create(layer.receive(channel).map(ChannelLayerContract::text))
                .then(() -> send(layer, channel, "later"))
                .expectNext("later")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void messagesOfOneSenderKeepTheirOrder() {
        ChannelLayer layer = layer();
        String channel = layer.newChannel();
        List<String> numbers =
                IntStream.range(0, 90).mapToObj(Integer::toString).toList();

        Flux.fromIterable(numbers)
                .concatMap(number -> layer.send(channel, bytes(number)))
                .blockLast(SOON);

        assertThat(layer.messages(channel)
                        .map(ChannelLayerContract::text)
                        .take(numbers.size())
                        .collectList()
                        .block(SOON))
                .isEqualTo(numbers);
    }

    @Test
    void newChannelsHaveValidNamesOfTheirOwn() {
        ChannelLayer one = layer();
        ChannelLayer other = layer();
        Set<String> names = new HashSet<>();

        for (int i = 0; i < 100; i++) {
            names.add(one.newChannel());
            names.add(other.newChannel());
        }

        assertThat(names).hasSize(200).allSatisfy(name -> assertThat(name).matches("[a-zA-Z0-9._-]+![a-zA-Z0-9._-]+"));
        assertThat(one.node()).isNotEqualTo(other.node()).matches("[a-z0-9]+");
        assertThat(one.newChannel()).startsWith(one.node() + "!");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "umlaut-ä", "a/b", "new\nline", "a!b!c", "!a", "a!"})
    void aNameWithOtherCharactersIsRefused(String name) {
        ChannelLayer layer = layer();

        assertThatThrownBy(() -> layer.send(name, bytes("x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("channel: \"")
                .hasMessageContaining("expected: 1-100 ASCII letters");
        assertThatThrownBy(() -> layer.receive(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> layer.messages(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> layer.groupSend(name, bytes("x"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> layer.groupAdd(name, layer.newChannel())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNameHasAtMostOneHundredCharacters() {
        ChannelLayer layer = layer();
        String longest = "c".repeat(100);

        send(layer, longest, "fits");

        assertThat(next(layer, longest)).isEqualTo("fits");
        assertThatThrownBy(() -> layer.send("c".repeat(101), bytes("x"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyChannelsOfThisNodeAreReadClosedAndGrouped() {
        ChannelLayer layer = layer();
        String foreign = layer().newChannel();

        assertThatThrownBy(() -> layer.receive(foreign)).hasMessageContaining("expected: a channel of this node");
        assertThatThrownBy(() -> layer.messages(foreign)).hasMessageContaining("expected: a channel of this node");
        assertThatThrownBy(() -> layer.groupAdd("group", foreign)).hasMessageContaining("expected: a channel of this");
        assertThatThrownBy(() -> layer.groupAdd("group", "shared")).hasMessageContaining("expected: a channel of this");
        assertThatThrownBy(() -> layer.groupDiscard("group", foreign)).hasMessageContaining("expected: a channel of");
        assertThatThrownBy(() -> layer.closeChannel("shared")).hasMessageContaining("expected: a channel of this node");
    }

    @Test
    void aMessageThatIsTooLargeIsRefused() {
        ChannelLayer layer = layer(ChannelLayerOptions.defaults().withMaxMessageSize(10));
        String channel = layer.newChannel();

        assertThatThrownBy(() -> send(layer, channel, "01234567890"))
                .hasMessage("message: 11 bytes (expected: at most 10)");
        assertThatThrownBy(() -> groupSend(layer, "group", "01234567890")).hasMessageContaining("at most 10");
        assertThatThrownBy(() -> send(layer, "shared", "01234567890")).hasMessageContaining("at most 10");
        send(layer, channel, "0123456789");

        assertThat(next(layer, channel)).isEqualTo("0123456789");
        assertThat(layer.stats().refused()).isEqualTo(3);
    }

    @Test
    void aBufferMayBeUsedAgainAfterTheSend() {
        ChannelLayer layer = layer();
        String channel = layer.newChannel();
        ByteBuffer buffer = ByteBuffer.allocate(8).put("-first--".getBytes(StandardCharsets.US_ASCII));
        buffer.position(1).limit(6);

        layer.send(channel, buffer).block(SOON);
        assertThat(buffer.position()).isEqualTo(1);
        assertThat(buffer.limit()).isEqualTo(6);
        buffer.put(1, (byte) 'X');

        ByteBuffer received = layer.receive(channel).block(SOON);
        assertThat(text(received)).isEqualTo("first");
        assertThat(received.isReadOnly()).isTrue();
    }

    @Test
    void eachMemberReadsTheSameMessageWithAPositionOfItsOwn() {
        ChannelLayer layer = layer();
        String one = member(layer, "group");
        String other = member(layer, "group");

        groupSend(layer, "group", "shared");
        ByteBuffer first = layer.receive(one).block(SOON);
        first.position(first.limit());

        assertThat(next(layer, other)).isEqualTo("shared");
    }

    @Test
    void aSendIsColdAndMayBeSubscribedAgain() {
        ChannelLayer layer = layer();
        String channel = layer.newChannel();
        Mono<Void> send = layer.send(channel, bytes("again"));

        assertThat(layer.stats().sent()).isZero();
        send.block(SOON);
        send.block(SOON);

        assertThat(next(layer, channel)).isEqualTo("again");
        assertThat(next(layer, channel)).isEqualTo("again");
        assertThat(layer.stats().sent()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aReceiveThatIsCancelledLosesNothing(Kind kind) {
        ChannelLayer layer = layer();
        String channel = kind.channel(layer);
        Disposable given = layer.receive(channel).subscribe();
        given.dispose();

        send(layer, channel, "kept");

        assertThat(next(layer, channel)).isEqualTo("kept");
    }

    @ParameterizedTest
    @EnumSource
    void receivesThatAreCancelledAtAnyMomentLoseNothing(Kind kind) {
        ChannelLayer layer = layer();
        String channel = kind.channel(layer);
        Queue<String> received = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 50; i++) {
            // What is emitted while it is being cancelled is with the reader, though its subscriber does not see it.
            Disposable reader = layer.receive(channel)
                    .map(ChannelLayerContract::text)
                    .doOnNext(received::add)
                    .subscribe();
            Disposable sender = layer.send(channel, bytes("m" + i)).subscribe();
            reader.dispose();
            await().pollInterval(Duration.ofMillis(1)).atMost(SOON).until(sender::isDisposed);
        }
        layer.messages(channel).map(ChannelLayerContract::text).subscribe(received::add);

        await().atMost(SOON).until(() -> received.size() >= 50);
        assertThat(received).hasSize(50).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void aReaderGetsAsManyMessagesAsItAskedFor(Kind kind) {
        ChannelLayer layer = layer();
        String channel = kind.channel(layer);
        Queue<String> received = new ConcurrentLinkedQueue<>();
        BaseSubscriber<ByteBuffer> reader = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}

            @Override
            protected void hookOnNext(ByteBuffer message) {
                received.add(text(message));
            }
        };
        layer.messages(channel).subscribe(reader);
        for (int i = 0; i < 5; i++) {
            send(layer, channel, "m" + i);
        }

        assertThat(received).isEmpty();
        reader.request(2);
        await().atMost(SOON).untilAsserted(() -> assertThat(received).containsExactly("m0", "m1"));
        reader.request(1);
        await().atMost(SOON).untilAsserted(() -> assertThat(received).containsExactly("m0", "m1", "m2"));
        reader.cancel();

        assertThat(next(layer, channel)).isEqualTo("m3");
        assertThat(next(layer, channel)).isEqualTo("m4");
    }

    @Test
    void eachMessageOfASharedChannelGoesToOneReader() {
        ChannelLayer layer = layer();
        Queue<String> one = new ConcurrentLinkedQueue<>();
        Queue<String> other = new ConcurrentLinkedQueue<>();
        List<String> all = IntStream.range(0, 60).mapToObj(Integer::toString).toList();
        Disposable.Composite readers = reactor.core.Disposables.composite(
                layer.messages("work").map(ChannelLayerContract::text).subscribe(one::add),
                layer.messages("work").map(ChannelLayerContract::text).subscribe(other::add));

        Flux.fromIterable(all)
                .concatMap(number -> layer.send("work", bytes(number)))
                .blockLast(SOON);

        await().atMost(SOON).until(() -> one.size() + other.size() == all.size());
        List<String> received = new ArrayList<>(one);
        received.addAll(other);
        assertThat(received).containsExactlyInAnyOrderElementsOf(all);
        assertThat(one.stream().map(Integer::parseInt)).isSorted();
        assertThat(one).as("both take part").isNotEmpty();
        assertThat(other).as("both take part").isNotEmpty();
        readers.dispose();
    }

    @ParameterizedTest
    @EnumSource
    void aSendToAFullChannelFailsAndSaysSo(Kind kind) {
        ChannelLayer layer = layer(ChannelLayerOptions.defaults().withCapacity(3));
        String channel = kind.channel(layer);
        long refused = layer.stats().refused();
        for (int i = 0; i < 3; i++) {
            send(layer, channel, "m" + i);
        }

        StepVerifier.create(layer.send(channel, bytes("too many")))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(ChannelFullException.class, full -> assertThat(full.channel())
                                .isEqualTo(channel)))
                .verify(SOON);
        assertThat(layer.stats().refused()).isEqualTo(refused + 1);

        assertThat(next(layer, channel)).isEqualTo("m0");
        send(layer, channel, "fits again");
        assertThat(next(layer, channel)).isEqualTo("m1");
        assertThat(next(layer, channel)).isEqualTo("m2");
        assertThat(next(layer, channel)).isEqualTo("fits again");
    }

    @Test
    void aChannelHoldsNoMoreBytesThanItMay() {
        ChannelLayer layer = layer(ChannelLayerOptions.defaults().withChannelBytes(10));
        String channel = layer.newChannel();

        send(layer, channel, "alone it fits");
        assertThatThrownBy(() -> send(layer, channel, "x")).isInstanceOf(ChannelFullException.class);
        assertThat(next(layer, channel)).isEqualTo("alone it fits");
        send(layer, channel, "12345");
        send(layer, channel, "67890");

        assertThatThrownBy(() -> send(layer, channel, "x")).isInstanceOf(ChannelFullException.class);
    }

    @Test
    void aMessageReachesAllMembersOfAGroupAndNobodyElse() {
        ChannelLayer layer = layer();
        String one = member(layer, "group");
        String other = member(layer, "group");
        String stranger = member(layer, "another");

        groupSend(layer, "group", "to the group");
        send(layer, stranger, "to the stranger");

        assertThat(next(layer, one)).isEqualTo("to the group");
        assertThat(next(layer, other)).isEqualTo("to the group");
        assertThat(next(layer, stranger)).isEqualTo("to the stranger");
    }

    @Test
    void aGroupWithoutMembersIsAllRight() {
        ChannelLayer layer = layer();

        groupSend(layer, "nobody", "hello");
        layer.groupDiscard("nobody", layer.newChannel()).block(SOON);

        assertThat(layer.stats().sent()).isEqualTo(1);
        assertThat(layer.stats().groups()).isZero();
    }

    @Test
    void addingTwiceDoesNotDeliverTwice() {
        ChannelLayer layer = layer();
        String channel = member(layer, "group");
        layer.groupAdd("group", channel).block(SOON);

        groupSend(layer, "group", "once");
        groupSend(layer, "group", "next");

        assertThat(next(layer, channel)).isEqualTo("once");
        assertThat(next(layer, channel)).isEqualTo("next");
    }

    @Test
    void aChannelThatLeftAGroupGetsNoMoreOfIt() {
        ChannelLayer layer = layer();
        String leaves = member(layer, "group");
        String stays = member(layer, "group");

        layer.groupDiscard("group", leaves).block(SOON);
        groupSend(layer, "group", "after");
        assertThat(next(layer, stays)).isEqualTo("after");
        send(layer, leaves, "alone");

        assertThat(next(layer, leaves)).isEqualTo("alone");
    }

    @Test
    void aGroupCanBeLeftAndJoinedAgainAndAgain() {
        ChannelLayer layer = layer();
        String channel = layer.newChannel();
        for (int i = 0; i < 20; i++) {
            layer.groupAdd("group", channel).block(SOON);
            groupSend(layer, "group", "in " + i);
            assertThat(next(layer, channel)).isEqualTo("in " + i);
            layer.groupDiscard("group", channel).block(SOON);
            groupSend(layer, "group", "out " + i);
        }
        assertThat(layer.stats().groups()).isZero();
    }

    @Test
    void aFullMemberIsLeftOutAndCountedAndHoldsNobodyUp() {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        ChannelLayer layer = layer(ChannelLayerOptions.defaults()
                .withCapacity(5)
                .withDropListener((reason, target, count) -> told.add(reason + " " + target + " " + count)));
        String slow = member(layer, "group");
        String quick = member(layer, "group");
        Queue<String> received = new ConcurrentLinkedQueue<>();
        layer.messages(quick).map(ChannelLayerContract::text).subscribe(received::add);

        for (int i = 0; i < 12; i++) {
            groupSend(layer, "group", "m" + i);
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(received).hasSize(12));
        await().atMost(SOON).untilAsserted(() -> assertThat(told).hasSize(7).containsOnly("CAPACITY " + slow + " 1"));
        assertThat(layer.stats().droppedAtCapacity()).isEqualTo(7);
        assertThat(layer.messages(slow)
                        .map(ChannelLayerContract::text)
                        .take(5)
                        .collectList()
                        .block(SOON))
                .containsExactly("m0", "m1", "m2", "m3", "m4");
    }

    @Test
    void whatOneSenderSendsToOneGroupKeepsItsOrder() {
        ChannelLayer layer = layer(ChannelLayerOptions.defaults().withCapacity(1000));
        String one = member(layer, "group");
        String other = member(layer, "group");
        List<String> numbers =
                IntStream.range(0, 500).mapToObj(Integer::toString).toList();

        Flux.fromIterable(numbers)
                .concatMap(number -> layer.groupSend("group", bytes(number)))
                .blockLast(SOON);

        for (String member : List.of(one, other)) {
            assertThat(layer.messages(member)
                            .map(ChannelLayerContract::text)
                            .take(numbers.size())
                            .collectList()
                            .block(SOON))
                    .isEqualTo(numbers);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThatNobodyReceivesInTimeExpiresAndIsCounted(Kind kind) {
        ChannelLayer layer = layer(ChannelLayerOptions.defaults().withExpiry(Duration.ofMillis(200)));
        String channel = kind.channel(layer);
        long expired = layer.stats().expired();
        send(layer, channel, "stale");

        await().atMost(SOON).until(() -> layer.stats().expired() == expired + 1);

        send(layer, channel, "fresh");
        assertThat(next(layer, channel)).isEqualTo("fresh");
    }

    @ParameterizedTest
    @EnumSource
    void laterSendsDoNotProlongTheTimeOfEarlierMessages(Kind kind) {
        ChannelLayer layer = layer(ChannelLayerOptions.defaults().withExpiry(Duration.ofMillis(300)));
        String channel = kind.channel(layer);
        long expired = layer.stats().expired();
        send(layer, channel, "first");

        await().pollInterval(Duration.ofMillis(50)).atMost(SOON).until(() -> {
            send(layer, channel, "later");
            return layer.stats().expired() > expired;
        });

        assertThat(next(layer, channel)).isEqualTo("later");
    }

    @ParameterizedTest
    @EnumSource
    void expiredMessagesMakeRoomInAFullChannel(Kind kind) {
        ChannelLayer layer =
                layer(ChannelLayerOptions.defaults().withCapacity(1).withExpiry(Duration.ofMillis(200)));
        String channel = kind.channel(layer);
        send(layer, channel, "old");

        await().atMost(SOON).ignoreExceptions().until(() -> {
            send(layer, channel, "new");
            return true;
        });

        assertThat(next(layer, channel)).isEqualTo("new");
        assertThat(layer.stats().expired()).isEqualTo(1);
    }

    @Test
    void aClosedChannelLeavesItsGroupsAndEndsItsReaders() {
        ChannelLayer layer = layer();
        String channel = member(layer, "group");
        send(layer, channel, "unread 1");
        send(layer, channel, "unread 2");
        String waiting = member(layer, "group");

        StepVerifier.create(layer.messages(waiting))
                .then(() -> layer.closeChannel(waiting))
                .expectComplete()
                .verify(SOON);
        layer.closeChannel(channel);
        layer.closeChannel(channel);

        StepVerifier.create(layer.receive(channel))
                .expectError(ChannelClosedException.class)
                .verify(SOON);
        StepVerifier.create(layer.messages(channel))
                .expectError(ChannelClosedException.class)
                .verify(SOON);
        StepVerifier.create(layer.send(channel, bytes("x")))
                .expectError(ChannelClosedException.class)
                .verify(SOON);
        StepVerifier.create(layer.groupAdd("group", channel))
                .expectError(ChannelClosedException.class)
                .verify(SOON);
        groupSend(layer, "group", "nobody left");
        assertThat(layer.stats().droppedAtClose()).isEqualTo(2);
        assertThat(layer.stats().groups()).isZero();
        assertThat(layer.stats().channels()).isZero();
        assertThat(layer.stats().queued()).isZero();
    }

    @Test
    void aReceiveThatWaitsFailsWhenItsChannelIsClosed() {
        ChannelLayer layer = layer();
        String channel = layer.newChannel();

        StepVerifier.create(layer.receive(channel))
                .then(() -> layer.closeChannel(channel))
                .expectError(ChannelClosedException.class)
                .verify(SOON);
    }

    @Test
    void anAbandonedChannelIsClosedAfterTheGroupExpiryAndOneWithAReaderIsNot() {
        ChannelLayer layer = layer(ChannelLayerOptions.defaults()
                .withGroupExpiry(Duration.ofMillis(400))
                .withExpiry(Duration.ofMillis(200)));
        String read = member(layer, "group");
        Queue<String> received = new ConcurrentLinkedQueue<>();
        layer.messages(read).map(ChannelLayerContract::text).subscribe(received::add);
        String abandoned = member(layer, "group");

        await().atMost(SOON).until(() -> layer.stats().channels() == 1);

        groupSend(layer, "group", "still there");
        await().atMost(SOON).untilAsserted(() -> assertThat(received).containsExactly("still there"));
        StepVerifier.create(layer.receive(abandoned))
                .expectError(ChannelClosedException.class)
                .verify(SOON);
    }

    @Test
    void channelsGroupsAndMembershipsAreBounded() {
        ChannelLayer layer = layer(ChannelLayerOptions.defaults()
                .withMaxChannels(3)
                .withMaxGroups(2)
                .withMaxMemberships(3));
        String one = layer.newChannel();
        String two = layer.newChannel();
        layer.newChannel();

        assertThatThrownBy(layer::newChannel)
                .isInstanceOf(ChannelLayerException.class)
                .hasMessageContaining("maxChannels: 3");
        layer.groupAdd("a", one).block(SOON);
        layer.groupAdd("b", one).block(SOON);
        assertThatThrownBy(() -> layer.groupAdd("c", one).block(SOON)).hasMessageContaining("maxGroups: 2");
        layer.groupAdd("a", two).block(SOON);
        assertThatThrownBy(() -> layer.groupAdd("b", two).block(SOON)).hasMessageContaining("maxMemberships: 3");
        layer.closeChannel(one);

        layer.groupAdd("c", two).block(SOON);
        assertThat(layer.newChannel()).isNotEmpty();
    }

    @Test
    void whatHasPassedIsCounted() {
        ChannelLayer layer = layer();
        String one = member(layer, "group");
        String other = member(layer, "group");

        send(layer, one, "a");
        groupSend(layer, "group", "b");
        next(layer, one);

        await().atMost(SOON).until(() -> layer.stats().delivered() == 3);
        ChannelLayerStats stats = layer.stats();
        assertThat(stats.sent()).isEqualTo(2);
        assertThat(stats.received()).isEqualTo(1);
        assertThat(stats.queued()).isEqualTo(2);
        assertThat(stats.channels()).isEqualTo(2);
        assertThat(stats.groups()).isEqualTo(1);
        assertThat(stats.lost()).isZero();
        assertThat(next(layer, other)).isEqualTo("b");
    }

    @Test
    void aDropListenerThatThrowsHarmsNobody() {
        ChannelLayer layer =
                layer(ChannelLayerOptions.defaults().withCapacity(1).withDropListener((reason, target, n) -> {
                    throw new IllegalStateException("thrown on purpose by a test");
                }));
        member(layer, "group");
        String quick = member(layer, "group");
        Queue<String> received = new ConcurrentLinkedQueue<>();
        layer.messages(quick).map(ChannelLayerContract::text).subscribe(received::add);

        for (int i = 0; i < 3; i++) {
            groupSend(layer, "group", "m" + i);
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(received).containsExactly("m0", "m1", "m2"));
    }

    @Test
    void channelsThatSendToEachOtherDoNotNest() {
        ChannelLayer layer = layer();
        String ping = layer.newChannel();
        String pong = layer.newChannel();
        Queue<Integer> counted = new ConcurrentLinkedQueue<>();
        for (String channel : List.of(ping, pong)) {
            layer.messages(channel)
                    .map(ChannelLayerContract::text)
                    .map(Integer::parseInt)
                    .doOnNext(counted::add)
                    .filter(number -> number < 5_000)
                    .subscribe(number -> layer.send(channel.equals(ping) ? pong : ping, bytes("" + (number + 1)))
                            .subscribe());
        }

        send(layer, ping, "1");

        await().atMost(SOON).until(() -> counted.size() == 5_000);
    }

    @Test
    void manyThreadsSendAndNothingIsLostOrDoubled() throws InterruptedException {
        ChannelLayer layer = layer(ChannelLayerOptions.defaults().withCapacity(100_000));
        String channel = member(layer, "group");
        List<String> received = Collections.synchronizedList(new ArrayList<>());
        layer.messages(channel).map(ChannelLayerContract::text).subscribe(received::add);

        Flux.range(0, 4)
                .flatMap(sender -> Flux.range(0, 250)
                        .concatMap(i -> layer.groupSend("group", bytes(sender + ":" + i)))
                        .subscribeOn(reactor.core.scheduler.Schedulers.parallel()))
                .blockLast(SOON);

        await().atMost(SOON).until(() -> received.size() == 1_000);
        assertThat(received).doesNotHaveDuplicates();
        for (int sender = 0; sender < 4; sender++) {
            String prefix = sender + ":";
            assertThat(received.stream()
                            .filter(message -> message.startsWith(prefix))
                            .map(message -> Integer.parseInt(message.substring(2))))
                    .isSorted()
                    .hasSize(250);
        }
    }

    @Test
    void typedMessagesAreWrittenAndRead() {
        record Chat(String from, String text) {}
        TypedChannelLayer<Chat> chats = layer().typed(Codec.json(Chat.class));
        String channel = chats.layer().newChannel();
        chats.layer().groupAdd("room", channel).block(SOON);

        chats.send(channel, new Chat("ann", "hello")).block(SOON);
        chats.groupSend("room", new Chat("bob", "hällo")).block(SOON);

        assertThat(chats.receive(channel).block(SOON)).isEqualTo(new Chat("ann", "hello"));
        assertThat(chats.messages(channel).blockFirst(SOON)).isEqualTo(new Chat("bob", "hällo"));
    }

    @Test
    void aMessageThatCannotBeReadFailsItsReceiverAlone() {
        ChannelLayer layer = layer();
        TypedChannelLayer<Integer> numbers = layer.typed(Codec.json(Integer.class));
        String channel = layer.newChannel();
        send(layer, channel, "{");
        send(layer, channel, "7");

        assertThatThrownBy(() -> numbers.receive(channel).block(SOON))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("Integer");
        assertThat(numbers.receive(channel).block(SOON)).isEqualTo(7);
    }

    @Test
    void readinessIsToldUntilTheLayerIsClosed() {
        ChannelLayer layer = layer();

        assertThat(layer.isReady()).isTrue();
        StepVerifier.create(layer.readiness())
                .expectNext(true)
                .then(() -> layer.close().block(SOON))
                .expectNext(false)
                .expectComplete()
                .verify(SOON);
        assertThat(layer.isReady()).isFalse();
    }

    @Test
    void afterTheCloseEverythingFailsAndReadersHaveEnded() {
        ChannelLayer layer = layer();
        String channel = member(layer, "group");

        StepVerifier.create(layer.messages(channel))
                .then(() -> layer.close().block(SOON))
                .expectComplete()
                .verify(SOON);
        layer.close().block(SOON);

        assertThatThrownBy(layer::newChannel).isInstanceOf(ChannelLayerClosedException.class);
        List<Mono<?>> operations = List.of(
                layer.send(channel, bytes("x")),
                layer.send("shared", bytes("x")),
                layer.receive(channel),
                layer.receive("shared"),
                layer.messages("shared").next(),
                layer.groupAdd("group", channel),
                layer.groupDiscard("group", channel),
                layer.groupSend("group", bytes("x")));
        for (Mono<?> operation : operations) {
            StepVerifier.create(operation)
                    .expectError(ChannelLayerClosedException.class)
                    .verify(SOON);
        }
        assertThat(layer.stats().channels()).isZero();
        assertThat(layer.stats().groups()).isZero();
    }

    @Test
    void nothingIsReceivedFromAChannelThatGotNothing() {
        ChannelLayer layer = layer();

        StepVerifier.create(layer.receive(layer.newChannel()))
                .expectSubscription()
                .expectNoEvent(A_WHILE)
                .thenCancel()
                .verify(SOON);
    }
}
