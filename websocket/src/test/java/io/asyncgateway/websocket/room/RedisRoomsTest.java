package io.asyncgateway.websocket.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.redis.Redis;
import io.asyncgateway.websocket.redis.RedisHistoryOptions;
import io.asyncgateway.websocket.redis.RedisOptions;
import io.asyncgateway.websocket.redis.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The rooms of two nodes on one real Redis that writes everything to disk, with the layer and the history there. */
class RedisRoomsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Pattern MESSAGE = Pattern.compile("\\{\"id\":\"([0-9-]+)\",\"text\":\"([^\"]+)\"}");

    private final RedisServer server = RedisServer.startDurable();
    private final Node one = new Node("one");
    private final Node other = new Node("other");

    @AfterEach
    void close() {
        one.close();
        other.close();
        server.close();
    }

    private final class Node {
        final String name;
        final Redis redis;
        final ChannelLayer layer;
        final Rooms rooms;
        final Room lobby;
        final Queue<String> kept = new ConcurrentLinkedQueue<>();
        final Queue<String> failed = new ConcurrentLinkedQueue<>();
        private Disposable sending = () -> {};

        Node(String name) {
            this.name = name;
            redis = Redis.connect(RedisOptions.of(server.uri())
                            .withCommandTimeout(Duration.ofSeconds(1))
                            .withReconnectDelay(Duration.ofMillis(200)))
                    .block(SOON);
            layer = redis.channelLayer(ChannelLayerOptions.defaults()).block(SOON);
            rooms = Rooms.builder()
                    .layer(layer)
                    .history(redis.history(RedisHistoryOptions.defaults().withMaxEntries(100_000)))
                    .encoder(RoomEncoder.jsonWithId())
                    .idleGrace(Duration.ofMillis(500))
                    .build();
            lobby = rooms.room("lobby");
        }

        /** Broadcasts one after the other, and notes what is kept. */
        void send() {
            sending = Flux.range(0, Integer.MAX_VALUE)
                    .map(number -> name + "-" + number)
                    .concatMap(text -> lobby.broadcast(WebSocketMessage.text("{\"text\":\"" + text + "\"}"))
                            .doOnSuccess(id -> kept.add(text))
                            .onErrorResume(failure -> {
                                failed.add(text);
                                return Mono.empty();
                            })
                            .then(Mono.delay(Duration.ofMillis(2))))
                    .subscribe();
        }

        void awaitMore(int messages) {
            int enough = kept.size() + messages;
            await().atMost(SOON).until(() -> kept.size() >= enough);
        }

        void close() {
            sending.dispose();
            rooms.close().block(SOON);
            redis.close().block(SOON);
        }
    }

    /** What a client has: the texts of its messages, and the id of the last one. */
    private record Seen(List<String> texts, EntryId last) {
        static Seen of(Peer peer) {
            List<String> texts = new ArrayList<>();
            EntryId last = EntryId.ZERO;
            for (String message : peer.texts()) {
                Matcher matcher = MESSAGE.matcher(message);
                assertThat(matcher.matches()).as(message).isTrue();
                last = EntryId.parse(matcher.group(1));
                texts.add(matcher.group(2));
            }
            return new Seen(texts, last);
        }
    }

    private static Peer join(Node node, JoinOptions options) {
        Peer peer = Peer.connect();
        node.lobby.join(peer.session(), options).block(SOON);
        return peer;
    }

    @Test
    void aBroadcastOnOneNodeReachesTheMembersOfBoth() {
        Peer ada = join(one, JoinOptions.defaults().withName("ada"));
        Peer bob = join(other, JoinOptions.defaults().withName("bob"));

        one.lobby.broadcast(WebSocketMessage.text("{\"text\":\"hello\"}")).block(SOON);
        other.lobby.broadcast(WebSocketMessage.text("{\"text\":\"hi\"}")).block(SOON);

        for (Peer peer : List.of(ada, bob)) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(Seen.of(peer).texts()).containsExactly("hello", "hi"));
        }
        await().atMost(SOON)
                .until(() ->
                        one.lobby.members().size() == 2 && other.lobby.members().size() == 2);
    }

    private int subscribers() throws Exception {
        String[] lines = server.command("PUBSUB", "SHARDNUMSUB", "asyncgateway:g:room.lobby")
                .split("\r\n");
        return Integer.parseInt(lines[lines.length - 1].substring(1));
    }

    @Test
    void aNodeIsSubscribedToARoomOnceHoweverManyMembersItHasThere() throws Exception {
        List<Peer> atOne = Stream.generate(() -> join(one, JoinOptions.defaults()))
                .limit(20)
                .toList();
        assertThat(subscribers()).isEqualTo(1);
        Peer atOther = join(other, JoinOptions.defaults());
        assertThat(subscribers()).isEqualTo(2);

        atOther.disconnect();
        atOne.subList(0, 19).forEach(Peer::disconnect);
        await().atMost(SOON).untilAsserted(() -> assertThat(subscribers()).isEqualTo(1));
        atOne.get(19).disconnect();
        await().atMost(SOON).untilAsserted(() -> assertThat(subscribers()).isZero());
    }

    @Test
    void aClientResumesOnAnotherNode() {
        Peer ada = join(one, JoinOptions.defaults());
        one.lobby.broadcast(WebSocketMessage.text("{\"text\":\"seen\"}")).block(SOON);
        await().atMost(SOON).until(() -> ada.count() == 1);
        ada.disconnect();
        one.lobby.broadcast(WebSocketMessage.text("{\"text\":\"missed\"}")).block(SOON);

        Peer again =
                join(other, JoinOptions.defaults().withLastSeen(Seen.of(ada).last()));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(Seen.of(again).texts()).containsExactly("missed"));
    }

    @Test
    void afterAKillAndARestartUnderLoadNothingIsMissingOnceTheClientsHaveResumed() {
        Peer staysAtOne = join(one, JoinOptions.defaults());
        Peer staysAtOther = join(other, JoinOptions.defaults());
        Peer leaves = join(one, JoinOptions.defaults());
        one.send();
        other.send();
        one.awaitMore(150);
        other.awaitMore(150);

        server.kill();
        leaves.disconnect();
        Seen before = Seen.of(leaves);
        await().atMost(SOON).until(() -> !one.layer.isReady() && !other.layer.isReady());
        await().atMost(SOON).until(() -> one.failed.size() > 20 && other.failed.size() > 20);
        server.restart();
        await().atMost(SOON).until(() -> one.layer.isReady() && other.layer.isReady());
        one.awaitMore(100);
        Peer comesBack =
                join(other, JoinOptions.defaults().withLastSeen(before.last()).withMaxResume(100_000));
        one.awaitMore(50);
        other.awaitMore(150);
        one.sending.dispose();
        other.sending.dispose();

        List<String> kept = new ArrayList<>(one.kept);
        kept.addAll(other.kept);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(Seen.of(staysAtOne).texts()).containsAll(kept));
        List<String> all = Seen.of(staysAtOne).texts();
        assertThat(all).doesNotHaveDuplicates();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(Seen.of(staysAtOther).texts()).isEqualTo(all));
        List<String> resumed = new ArrayList<>(before.texts());
        await().atMost(SOON).until(() -> before.texts().size() + comesBack.count() >= all.size());
        resumed.addAll(Seen.of(comesBack).texts());
        assertThat(resumed).isEqualTo(all);
        assertThat(one.lobby.statistics().gaps() + other.lobby.statistics().gaps())
                .isZero();
    }
}
