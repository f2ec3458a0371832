package io.asyncgateway.websocket.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.websocket.QueueOptions;
import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import io.asyncgateway.websocket.history.InMemoryHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Joins, leaves and broadcasts from several threads at once, to peers that take their messages on threads of their own. */
class RoomConcurrencyTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int THREADS = 4;
    private static final int BROADCASTS = 500;
    private static final int VISITS = 100;
    /** More than a test sends: nothing is dropped, so that whatever is missing was lost. */
    private static final QueueOptions PLENTY =
            QueueOptions.defaults().withMaxMessages(QueueOptions.MAX_MESSAGES).withMaxBytes(64 << 20);

    private final ExecutorService threads = Executors.newFixedThreadPool(2 * THREADS);
    private final Scheduler transport = Schedulers.newParallel("transport", 2);
    private final ChannelLayer layer =
            ChannelLayer.inMemory(ChannelLayerOptions.defaults().withCapacity(100_000));
    private Rooms rooms;
    private Room lobby;

    private void open(boolean kept) {
        Rooms.Builder builder = Rooms.builder().layer(layer).queue(PLENTY).idleGrace(Duration.ZERO);
        if (kept) {
            builder.history(InMemoryHistory.builder().maxEntries(10_000).build());
        }
        rooms = builder.build();
        lobby = rooms.room("lobby");
    }

    @AfterEach
    void close() {
        rooms.close().block(SOON);
        assertThat(layer.stats().channels()).isZero();
        assertThat(layer.stats().groups()).isZero();
        layer.close().block(SOON);
        threads.shutdownNow();
        transport.dispose();
    }

    private interface Work {
        void of(int thread) throws Exception;
    }

    /** Lets all begin at the same time, and waits for their ends. */
    private void together(Work... works) throws Exception {
        CountDownLatch start = new CountDownLatch(works.length * THREADS / 2);
        List<Future<?>> running = new ArrayList<>();
        for (Work work : works) {
            for (int i = 0; i < THREADS / 2; i++) {
                int thread = i;
                running.add(threads.submit(() -> {
                    start.countDown();
                    start.await();
                    work.of(thread);
                    return null;
                }));
            }
        }
        for (Future<?> one : running) {
            one.get(60, TimeUnit.SECONDS);
        }
    }

    private void broadcastMany(int thread) {
        for (int i = 0; i < BROADCASTS; i++) {
            lobby.broadcast(WebSocketMessage.text(thread + ":" + i)).block(SOON);
        }
    }

    private static List<String> ofThread(int thread) {
        return IntStream.range(0, BROADCASTS).mapToObj(i -> thread + ":" + i).toList();
    }

    private Member join(Peer peer) {
        return lobby.join(peer.session(), JoinOptions.defaults().withMaxReplay(1_000))
                .block(SOON);
    }

    private List<Peer> stayers() {
        List<Peer> peers =
                Stream.generate(() -> Peer.connect(transport)).limit(5).toList();
        peers.forEach(this::join);
        return peers;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoStaysGetsEverythingOnceAndInOrderWhileOthersComeAndGo(boolean kept) throws Exception {
        open(kept);
        List<Peer> stay = stayers();
        List<PresenceEvent> presence = Collections.synchronizedList(new ArrayList<>());
        var watching = lobby.presence().subscribe(presence::add);

        together(this::broadcastMany, thread -> {
            for (int i = 0; i < VISITS; i++) {
                Peer visitor = i % 4 < 2 ? Peer.connect() : Peer.connect(transport);
                Member member = join(visitor);
                if (i % 2 == 0) {
                    member.leave();
                } else {
                    visitor.disconnect();
                }
            }
        });

        for (Peer peer : stay) {
            await().atMost(SOON).until(() -> peer.count() >= 2 * BROADCASTS);
            List<String> texts = peer.texts();
            assertThat(texts).hasSize(2 * BROADCASTS);
            for (int thread = 0; thread < 2; thread++) {
                String sender = thread + ":";
                assertThat(texts.stream().filter(text -> text.startsWith(sender)))
                        .isEqualTo(ofThread(thread));
            }
        }
        RoomStatistics statistics = lobby.statistics();
        assertThat(statistics.members()).isEqualTo(stay.size());
        assertThat(statistics.joins()).isEqualTo(stay.size() + 2 * VISITS);
        assertThat(statistics.leaves()).isEqualTo(2 * VISITS);
        assertThat(statistics.messages()).isEqualTo(2 * BROADCASTS);
        assertThat(lobby.members()).hasSize(stay.size());
        await().atMost(SOON).until(() -> presence.size() >= 1 + 4 * VISITS);
        assertThat(presence.stream().filter(PresenceEvent.Joined.class::isInstance))
                .hasSize(2 * VISITS);
        assertThat(presence.stream().filter(PresenceEvent.Left.class::isInstance))
                .hasSize(2 * VISITS);

        watching.dispose();
        stay.forEach(Peer::disconnect);
        assertThat(rooms.size()).isZero();
        assertThat(rooms.statistics().members()).isZero();
    }

    @Test
    void whoComesInTheMiddleOfBroadcastsHasNoGapBetweenWhatIsReplayedAndWhatIsLive() throws Exception {
        open(true);
        Peer stays = stayers().get(0);
        List<Peer> visitors = Collections.synchronizedList(new ArrayList<>());

        together(this::broadcastMany, thread -> {
            for (int i = 0; i < 20; i++) {
                Peer visitor = Peer.connect(transport);
                join(visitor);
                visitors.add(visitor);
            }
        });

        await().atMost(SOON).until(() -> stays.count() >= 2 * BROADCASTS);
        List<String> all = stays.texts();
        assertThat(all).hasSize(2 * BROADCASTS).doesNotHaveDuplicates();
        for (Peer visitor : visitors) {
            await().atMost(SOON).until(() -> visitor.texts().contains(all.get(all.size() - 1)));
            assertThat(visitor.texts()).isEqualTo(all);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRoomThatIsReleasedByTheLastOneAndOpenedByTheNextAtTheSameTimeServesBoth(boolean kept) throws Exception {
        open(kept);
        Work visits = thread -> {
            for (int i = 0; i < VISITS; i++) {
                Peer visitor = Peer.connect();
                Member member = join(visitor);
                String mine = Thread.currentThread().getName() + " " + i;
                lobby.broadcast(WebSocketMessage.text(mine)).block(SOON);
                await().pollInterval(Duration.ofMillis(1)).atMost(SOON).until(() -> visitor.texts()
                        .contains(mine));
                member.leave();
                assertThat(visitor.texts()).doesNotHaveDuplicates();
            }
        };
        together(visits, visits);

        assertThat(rooms.size()).isZero();
        assertThat(lobby.members()).isEmpty();
        assertThat(rooms.statistics().joins()).isEqualTo(THREADS * VISITS);
        assertThat(rooms.statistics().leaves()).isEqualTo(THREADS * VISITS);
        assertThat(rooms.statistics().members()).isZero();
    }

    @Test
    void aCloseInTheMiddleOfItAllLeavesNobodyBehind() throws Exception {
        open(false);
        List<Member> members = Collections.synchronizedList(new ArrayList<>());
        together(
                thread -> {
                    for (int i = 0; i < VISITS; i++) {
                        Peer peer = Peer.connect();
                        lobby.join(peer.session())
                                .onErrorComplete(RoomException.class)
                                .blockOptional(SOON)
                                .ifPresent(members::add);
                    }
                },
                thread -> {
                    await().atMost(SOON).until(() -> members.size() > 10);
                    rooms.close().block(SOON);
                });

        assertThat(members).allMatch(Member::hasLeft);
        assertThat(rooms.size()).isZero();
        assertThat(rooms.statistics().members()).isZero();
        assertThat(rooms.statistics().joins()).isEqualTo(rooms.statistics().leaves());
    }
}
