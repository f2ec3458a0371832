package io.asyncgateway.websocket.redis;

import static io.asyncgateway.websocket.redis.RedisNode.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.websocket.channel.ChannelFullException;
import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import io.asyncgateway.websocket.channel.ChannelLayerUnavailableException;
import io.asyncgateway.websocket.channel.DropReason;
import io.asyncgateway.websocket.redis.RedisNode.Sending;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Shared channels that several nodes send to and read from, on a real Redis that may die meanwhile. */
class RedisSharedChannelTest {
    private static final String WORK = "work";

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    /** What is killed comes back empty. */
    private RedisServer start() {
        return opened(RedisServer.start());
    }

    /** What is killed comes back as it was. */
    private RedisServer startDurable() {
        return opened(RedisServer.startDurable());
    }

    private <T extends AutoCloseable> T opened(T it) {
        opened.add(it);
        return it;
    }

    private RedisNode node(RedisServer server) {
        return node(server, ChannelLayerOptions.defaults().withCapacity(100_000));
    }

    private RedisNode node(RedisServer server, ChannelLayerOptions options) {
        return opened(new RedisNode(server, options));
    }

    private static void awaitReady(boolean ready, RedisNode... nodes) {
        for (RedisNode node : nodes) {
            await().atMost(SOON).until(() -> node.layer.isReady() == ready);
        }
    }

    private static List<String> texts(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    private static void sendAll(RedisNode node, List<String> messages) {
        Flux.fromIterable(messages)
                .concatMap(message -> node.send(WORK, message))
                .blockLast(SOON);
    }

    private static List<String> union(Collection<String> one, Collection<String> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    private static void assertOrder(Collection<String> received, String... senders) {
        for (String sender : senders) {
            assertThat(received.stream()
                            .filter(message -> message.startsWith(sender))
                            .map(message -> Integer.parseInt(message.substring(sender.length()))))
                    .as("order of %s", sender)
                    .isSorted();
        }
    }

    /** Takes as many as the test asks for. */
    private static final class Worker extends BaseSubscriber<String> {
        final Queue<String> received = new ConcurrentLinkedQueue<>();

        @Override
        protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}

        @Override
        protected void hookOnNext(String message) {
            received.add(message);
        }

        void awaits(int messages) {
            await().atMost(SOON).until(() -> received.size() >= messages);
        }
    }

    private static Worker worker(RedisNode node) {
        Worker worker = new Worker();
        node.messages(WORK).subscribe(worker);
        return worker;
    }

    @Test
    void eachMessageGoesToOneReaderOnWhateverNode() {
        RedisServer server = start();
        RedisNode sender = node(server);
        RedisNode one = node(server);
        RedisNode other = node(server);
        Queue<String> atOne = one.read(WORK);
        Queue<String> atOther = other.read(WORK);
        List<String> ofSender = texts("sender.", 500);
        List<String> ofOne = texts("one.", 500);

        Mono.when(
                        Flux.fromIterable(ofSender).concatMap(message -> sender.send(WORK, message)),
                        Flux.fromIterable(ofOne).concatMap(message -> one.send(WORK, message)))
                .block(SOON);

        await().atMost(SOON).until(() -> atOne.size() + atOther.size() >= 1_000);
        assertThat(union(atOne, atOther)).containsExactlyInAnyOrderElementsOf(union(ofSender, ofOne));
        assertOrder(atOne, "sender.", "one.");
        assertOrder(atOther, "sender.", "one.");
        assertThat(one.layer.stats().received()).isEqualTo(atOne.size());
        assertThat(other.layer.stats().received()).isEqualTo(atOther.size());
        assertThat(sender.layer.stats().sent()).isEqualTo(500);
    }

    @Test
    void aNodeTakesNoMoreThanItsReadersAskForAndTheRestIsForTheOthers() {
        RedisServer server = start();
        RedisNode one = node(server);
        RedisNode other = node(server);
        Worker slow = worker(one);
        Worker quick = worker(other);
        sendAll(one, texts("m", 20));

        slow.request(3);
        slow.awaits(3);
        quick.request(100);
        quick.awaits(17);

        assertThat(slow.received).containsExactlyElementsOf(texts("m", 3));
        assertThat(quick.received).containsExactlyElementsOf(texts("m", 20).subList(3, 20));
    }

    @Test
    void whatANodeHasNotHandedOverWhenItEndsGoesToAnother() {
        RedisServer server = start();
        RedisNode sender = node(server);
        RedisNode ends = node(server);
        RedisNode stays = node(server);
        Queue<String> atFirst = ends.read(WORK);
        Sending sending = new Sending(sender, WORK, "m");
        await().atMost(SOON).until(() -> atFirst.size() > 100);

        ends.close();
        Queue<String> then = stays.read(WORK);
        await().atMost(SOON).until(() -> then.size() > 100);
        sending.dispose();
        await().atMost(SOON).until(sending::isQuiet);

        assertThat(sending.failed).isEmpty();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(union(atFirst, then)).containsAll(sending.taken));
        assertThat(union(atFirst, then)).doesNotHaveDuplicates();
    }

    @Test
    void theCapacityIsOneForAllNodesAndEachRefusedSenderIsTold() {
        RedisServer server = start();
        ChannelLayerOptions ten = ChannelLayerOptions.defaults().withCapacity(10);
        RedisNode one = node(server, ten);
        RedisNode other = node(server, ten);
        RedisNode reader = node(server, ten);
        Queue<String> refused = new ConcurrentLinkedQueue<>();
        Queue<String> taken = new ConcurrentLinkedQueue<>();
        Flux.fromIterable(List.of(one, other))
                .flatMap(node -> Flux.fromIterable(texts(node == one ? "one." : "other.", 25))
                        .flatMap(message -> node.send(WORK, message)
                                .doOnSuccess(nothing -> taken.add(message))
                                .onErrorResume(ChannelFullException.class, full -> {
                                    assertThat(full.channel()).isEqualTo(WORK);
                                    refused.add(message);
                                    return Mono.empty();
                                })))
                .blockLast(SOON);

        assertThat(taken).hasSize(10);
        assertThat(refused).hasSize(40);
        assertThat(one.layer.stats().refused() + other.layer.stats().refused()).isEqualTo(40);
        Queue<String> received = reader.read(WORK);
        await().atMost(SOON).until(() -> received.size() >= 10);
        other.send(WORK, "fits again").block(SOON);
        taken.add("fits again");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(received).containsExactlyInAnyOrderElementsOf(List.copyOf(taken)));
    }

    @Test
    void duringAnOutageEachSendFailsAtOnceAndReadersGoOnAfterwards() {
        RedisServer server = start();
        RedisNode sender = node(server);
        RedisNode reader = node(server);
        Queue<String> received = reader.read(WORK);
        sendAll(sender, texts("before.", 5));
        await().atMost(SOON).until(() -> received.size() == 5);

        server.kill();
        awaitReady(false, sender, reader);
        for (String message : texts("meanwhile.", 5)) {
            assertThat(sender.send(WORK, message)
                            .then(Mono.<Throwable>empty())
                            .onErrorResume(Mono::just)
                            .block(SOON))
                    .isInstanceOf(ChannelLayerUnavailableException.class)
                    .hasMessageStartingWith("send to " + WORK)
                    .as("it was not even tried, so nothing was waited for")
                    .hasMessageEndingWith("is not connected");
        }
        server.restart();
        awaitReady(true, sender, reader);
        sendAll(sender, texts("after.", 5));

        await().atMost(SOON).untilAsserted(() -> assertThat(received)
                .containsExactlyElementsOf(union(texts("before.", 5), texts("after.", 5))));
        assertThat(sender.layer.stats().refused()).isEqualTo(5);
        assertThat(sender.layer.stats().lost())
                .as("at most what it sent, since it does not know what is read")
                .isLessThanOrEqualTo(5);
    }

    @Test
    void whatWaitedInARedisThatComesBackEmptyIsCountedByEachNodeThatHadSentIt() {
        RedisServer server = start();
        RedisNode one = node(server);
        RedisNode other = node(server);
        RedisNode reader = node(server);
        sendAll(one, texts("one.", 7));
        sendAll(other, texts("other.", 4));
        other.send("unread", "x").block(SOON);

        server.kill();
        awaitReady(false, one, other);
        server.restart();

        await().atMost(SOON).until(() -> one.dropped(DropReason.LOST, WORK) == 7);
        await().atMost(SOON).until(() -> other.dropped(DropReason.LOST, WORK) == 4);
        await().atMost(SOON).until(() -> other.dropped(DropReason.LOST, "unread") == 1);
        assertThat(one.layer.stats().lost()).isEqualTo(7);
        assertThat(other.layer.stats().lost()).isEqualTo(5);
        awaitReady(true, reader);
        Queue<String> received = reader.read(WORK);
        one.send(WORK, "new").block(SOON);
        await().atMost(SOON).untilAsserted(() -> assertThat(received).containsExactly("new"));
    }

    @Test
    void whatIsLostIsCountedAlsoWhereAnotherNodeIsTheFirstToSendAgain() throws Exception {
        RedisServer server = start();
        RedisNode one = node(server);
        RedisNode quicker = node(server);
        sendAll(one, texts("one.", 7));
        server.command("FLUSHALL");
        sendAll(quicker, texts("quicker.", 2));

        assertThat(server.command("CLIENT", "KILL", "TYPE", "normal")).startsWith(":");

        await().atMost(SOON).until(() -> one.dropped(DropReason.LOST, WORK) == 7);
        awaitReady(true, one, quicker);
        Queue<String> received = one.read(WORK);
        one.send(WORK, "one.new").block(SOON);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(received).containsExactly("quicker.0", "quicker.1", "one.new"));
        assertThat(quicker.layer.stats().lost())
                .as("its own are there, though its connection was cut, too")
                .isZero();
        assertThat(one.layer.stats().lost()).isEqualTo(7);
    }

    @Test
    void whatWaitedInARedisThatComesBackAsItWasIsStillThereInItsOrder() {
        RedisServer server = startDurable();
        RedisNode sender = node(server);
        RedisNode reader = node(server);
        sendAll(sender, texts("m", 30));

        server.kill();
        awaitReady(false, sender, reader);
        Queue<String> received = reader.read(WORK);
        server.restart();

        await().atMost(SOON).untilAsserted(() -> assertThat(received).containsExactlyElementsOf(texts("m", 30)));
        assertThat(sender.layer.stats().lost()).isZero();
    }

    @Test
    void underLoadARedisThatComesBackAsItWasLosesAndDoublesNothing() {
        Load load = new Load(startDurable());
        load.outage();

        load.assertNothingDoubled();
        await().atMost(SOON).untilAsserted(() -> assertThat(load.received()).containsAll(load.taken()));
        assertThat(load.lost()).isZero();
    }

    @Test
    void underLoadARedisThatComesBackEmptyDoublesNothingAndWhatIsMissingIsCounted() {
        Load load = new Load(start());
        load.outage();

        load.assertNothingDoubled();
        await().atMost(SOON).untilAsserted(() -> {
            Set<String> received = new HashSet<>(load.received());
            long missing = load.taken().stream()
                    .filter(message -> !received.contains(message))
                    .count();
            assertThat(load.lost()).as("%d are missing", missing).isGreaterThanOrEqualTo(missing);
        });
    }

    /** Two nodes send without a pause, two read. */
    private final class Load {
        private final RedisServer server;
        private final List<RedisNode> nodes;
        private final List<Sending> sending;
        private final List<Queue<String>> reading;

        Load(RedisServer server) {
            this.server = server;
            nodes = Stream.generate(() -> node(server)).limit(4).toList();
            reading = List.of(nodes.get(2).read(WORK), nodes.get(3).read(WORK));
            sending = List.of(new Sending(nodes.get(0), WORK, "one."), new Sending(nodes.get(1), WORK, "other."));
            awaitMore(300);
        }

        void outage() {
            server.kill();
            nodes.forEach(node -> awaitReady(false, node));
            sending.forEach(one -> await().atMost(SOON).until(() -> one.failed.size() > 20));
            server.restart();
            nodes.forEach(node -> awaitReady(true, node));
            awaitMore(300);
            sending.forEach(Sending::dispose);
            sending.forEach(one -> await().atMost(SOON).until(one::isQuiet));
            assertThat(sending)
                    .flatExtracting(one -> one.failures)
                    .hasOnlyElementsOfType(ChannelLayerUnavailableException.class);
        }

        private void awaitMore(int messages) {
            int received = received().size();
            await().atMost(SOON).until(() -> received().size() >= received + messages);
        }

        List<String> taken() {
            return union(sending.get(0).taken, sending.get(1).taken);
        }

        List<String> received() {
            return union(reading.get(0), reading.get(1));
        }

        long lost() {
            return nodes.stream().mapToLong(node -> node.layer.stats().lost()).sum();
        }

        void assertNothingDoubled() {
            assertThat(received()).doesNotHaveDuplicates();
        }
    }
}
