package io.asyncgateway.websocket.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import io.asyncgateway.websocket.channel.ChannelLayerUnavailableException;
import io.asyncgateway.websocket.channel.DropReason;
import io.asyncgateway.websocket.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Two nodes on a real Redis that dies, or drops their connections, while they send as fast as they can. */
class RedisOutageTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String GROUP = "group";
    /** More than a test sends, so that nothing is dropped for any other cause than the outage. */
    private static final int PLENTY = 1_000_000;

    private final RedisServer server = RedisServer.start();
    private final List<Node> nodes = List.of(new Node("a"), new Node("b"));

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
        server.close();
    }

    /** One node with one channel that is in the group, and all that it has sent and received. */
    private final class Node {
        final String name;
        final Redis redis;
        final ChannelLayer layer;
        final String channel;
        final List<String> received = java.util.Collections.synchronizedList(new ArrayList<>());
        final Map<String, AtomicLong> lost = new ConcurrentHashMap<>();
        final Sent toGroup = new Sent();
        final Sent toOther = new Sent();
        private final List<Disposable> work = new ArrayList<>();

        Node(String name) {
            this.name = name;
            redis = Redis.connect(RedisOptions.of(server.uri())
                            .withCommandTimeout(Duration.ofSeconds(1))
                            .withReconnectDelay(Duration.ofMillis(200)))
                    .block(SOON);
            layer = redis.channelLayer(
                            ChannelLayerOptions.defaults().withCapacity(PLENTY).withDropListener(this::dropped))
                    .block(SOON);
            channel = layer.newChannel();
            layer.groupAdd(GROUP, channel).block(SOON);
            layer.messages(channel).map(bytes -> UTF_8.decode(bytes).toString()).subscribe(received::add);
        }

        private void dropped(DropReason reason, String target, long count) {
            assertThat(reason).isEqualTo(DropReason.LOST);
            lost.computeIfAbsent(target, name -> new AtomicLong()).addAndGet(count);
        }

        long lost(String target) {
            AtomicLong counted = lost.get(target);
            return counted == null ? 0 : counted.get();
        }

        void send(Node other) {
            work.add(toGroup.run(name + ".group.", message -> layer.groupSend(GROUP, UTF_8.encode(message))));
            work.add(toOther.run(name + ".direct.", message -> layer.send(other.channel, UTF_8.encode(message))));
        }

        void stop() {
            work.forEach(Disposable::dispose);
            await().atMost(SOON).until(() -> toGroup.isQuiet() && toOther.isQuiet());
        }

        void close() {
            work.forEach(Disposable::dispose);
            redis.close().block(SOON);
        }
    }

    /** What a sender knows of its messages: each was taken, or failed. */
    private static final class Sent {
        final Queue<String> taken = new ConcurrentLinkedQueue<>();
        final Queue<String> failed = new ConcurrentLinkedQueue<>();
        private final AtomicLong begun = new AtomicLong();

        /** One after the other, a thousand a second at most. */
        Disposable run(String prefix, Function<String, Mono<Void>> send) {
            return Flux.range(0, PLENTY)
                    .concatMap(number -> Mono.defer(() -> {
                                begun.incrementAndGet();
                                return send.apply(prefix + number);
                            })
                            .doOnSuccess(nothing -> taken.add(prefix + number))
                            .onErrorResume(failure -> {
                                assertThat(failure).isInstanceOf(ChannelLayerUnavailableException.class);
                                failed.add(prefix + number);
                                return Mono.empty();
                            })
                            .then(Mono.delay(Duration.ofMillis(1))))
                    .subscribe();
        }

        boolean isQuiet() {
            return begun.get() <= taken.size() + failed.size() + 1;
        }
    }

    private void sendAll() {
        nodes.get(0).send(nodes.get(1));
        nodes.get(1).send(nodes.get(0));
    }

    private void awaitMore(int messages) {
        for (Node node : nodes) {
            int group = node.toGroup.taken.size() + messages;
            int direct = node.toOther.taken.size() + messages;
            await().atMost(SOON).until(() -> node.toGroup.taken.size() > group && node.toOther.taken.size() > direct);
        }
    }

    private void awaitReady(boolean ready) {
        nodes.forEach(node -> await().atMost(SOON).until(() -> node.layer.isReady() == ready));
    }

    @Test
    void afterAKillAndARestartBothNodesGoOnAndEachLostMessageIsReportedOrCounted() {
        sendAll();
        awaitMore(300);

        server.kill();
        awaitReady(false);
        nodes.forEach(node -> await().atMost(SOON).until(() -> node.toGroup.failed.size() > 50));
        server.restart();
        awaitReady(true);
        awaitMore(300);

        assertAccounts();
        assertThat(nodes).allSatisfy(node -> assertThat(node.toGroup.failed).isNotEmpty());
    }

    @Test
    void whatIsPublishedWhileASubscriptionIsCutOffIsCountedWhereItIsMissing() throws Exception {
        sendAll();
        awaitMore(200);
        for (int i = 0; i < 3; i++) {
            assertThat(server.command("CLIENT", "KILL", "TYPE", "pubsub")).startsWith(":");
            awaitMore(200);
            awaitReady(true);
        }

        assertAccounts();
        assertThat(nodes.stream().mapToLong(node -> node.lost(GROUP)).sum()).isPositive();
    }

    @Test
    void aHistoryIsNotReadyWhileRedisIsDown() {
        History history = nodes.get(0).redis.history(RedisHistoryOptions.defaults());
        assertThat(history.isReady()).isTrue();
        history.append("room", UTF_8.encode("before")).block(SOON);

        server.kill();
        await().atMost(SOON).until(() -> !history.isReady());
        StepVerifier.create(history.append("room", UTF_8.encode("meanwhile")))
                .expectError(RedisUnavailableException.class)
                .verify(SOON);
        server.restart();
        await().atMost(SOON).until(history::isReady);
        history.append("room", UTF_8.encode("after")).block(SOON);

        nodes.get(0).redis.close().block(SOON);
        assertThat(history.isReady()).isFalse();
    }

    private void assertAccounts() {
        nodes.forEach(Node::stop);
        Node a = nodes.get(0);
        Node b = nodes.get(1);
        for (Node node : nodes) {
            Node other = node == a ? b : a;
            Set<String> taken = new HashSet<>(a.toGroup.taken);
            taken.addAll(b.toGroup.taken);
            Set<String> failed = new HashSet<>(a.toGroup.failed);
            failed.addAll(b.toGroup.failed);
            assertAccount(node, GROUP, taken, failed);
            assertAccount(
                    node, node.layer.node(), new HashSet<>(other.toOther.taken), new HashSet<>(other.toOther.failed));
            assertThat(node.received).doesNotHaveDuplicates();
            for (String sender : List.of("a.group.", "b.group.", other.name + ".direct.")) {
                assertThat(List.copyOf(node.received).stream()
                                .filter(message -> message.startsWith(sender))
                                .map(message -> Integer.parseInt(message.substring(sender.length()))))
                        .as("order of %s", sender)
                        .isSorted();
            }
        }
    }

    /** What the sender believes to be taken was received, or is counted; what failed may have been either. */
    private static void assertAccount(Node node, String target, Set<String> taken, Set<String> failed) {
        await().atMost(SOON).untilAsserted(() -> {
            Set<String> received = new HashSet<>(List.copyOf(node.received));
            long missing = taken.stream()
                    .filter(message -> !received.contains(message))
                    .count();
            long failedAndMissing = failed.stream()
                    .filter(message -> !received.contains(message))
                    .count();
            assertThat(node.lost(target))
                    .as(
                            "node %s, %s: %d taken, %d of them missing, %d failed and missing",
                            node.name, target, taken.size(), missing, failedAndMissing)
                    .isBetween(missing, missing + failedAndMissing);
        });
    }
}
