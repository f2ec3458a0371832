package io.asyncgateway.websocket.redis;

import static io.asyncgateway.websocket.redis.RedisNode.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import io.asyncgateway.websocket.channel.ChannelLayerUnavailableException;
import io.asyncgateway.websocket.channel.DropReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What one node sends to a channel of another one: that one alone knows whether it fits, and says what did not. */
class RedisNodeChannelTest {
    @RegisterExtension
    private static final Shared<RedisServer> REDIS = new Shared<>(RedisServer::start);

    private final List<RedisNode> opened = new ArrayList<>();
    private final RedisNode sender = node(ChannelLayerOptions.defaults());

    private RedisNode node(ChannelLayerOptions options) {
        RedisNode node = new RedisNode(REDIS.get(), options);
        opened.add(node);
        return node;
    }

    @AfterEach
    void close() {
        opened.forEach(RedisNode::close);
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
    }

    private void send(String channel, int count) {
        Flux.fromIterable(texts(count))
                .concatMap(message -> sender.send(channel, message))
                .blockLast(SOON);
    }

    @Test
    void whatIsSentToAChannelOfAnotherNodeArrivesInItsOrder() {
        RedisNode owner = node(ChannelLayerOptions.defaults().withCapacity(1_000));
        String channel = owner.layer.newChannel();
        send(channel, 500);

        Queue<String> received = owner.read(channel);
        await().atMost(SOON).untilAsserted(() -> assertThat(received).containsExactlyElementsOf(texts(500)));
        assertThat(sender.layer.stats().sent()).isEqualTo(500);
        assertThat(owner.layer.stats().received()).isEqualTo(500);
        assertThat(owner.layer.stats().lost()).isZero();
    }

    @Test
    void aFullChannelOfAnotherNodeDropsAndItsNodeCounts() {
        RedisNode owner = node(ChannelLayerOptions.defaults().withCapacity(3));
        String channel = owner.layer.newChannel();
        String other = owner.layer.newChannel();
        send(channel, 8);
        send(other, 1);

        await().atMost(SOON).until(() -> owner.dropped(DropReason.CAPACITY, channel) == 5);
        assertThat(owner.layer.stats().droppedAtCapacity()).isEqualTo(5);
        assertThat(sender.layer.stats().sent()).as("the sender can't know").isEqualTo(9);
        assertThat(sender.layer.stats().droppedAtCapacity()).isZero();
        assertThat(owner.messages(channel).take(3).collectList().block(SOON)).isEqualTo(texts(3));
        assertThat(owner.messages(other).blockFirst(SOON)).isEqualTo("m0");
        send(channel, 1);
        assertThat(owner.messages(channel).blockFirst(SOON)).isEqualTo("m0");
    }

    @Test
    void aChannelOfAnotherNodeIsBoundedInBytesToo() {
        RedisNode owner = node(ChannelLayerOptions.defaults().withChannelBytes(6));
        String channel = owner.layer.newChannel();
        send(channel, 5);

        await().atMost(SOON).until(() -> owner.dropped(DropReason.CAPACITY, channel) == 2);
        assertThat(owner.messages(channel).take(3).collectList().block(SOON)).isEqualTo(texts(3));
    }

    @Test
    void aFullMemberOnAnotherNodeIsCountedThereAndTheOthersGetEverything() {
        RedisNode owner = node(ChannelLayerOptions.defaults().withCapacity(4));
        String full = owner.layer.newChannel();
        String quick = owner.layer.newChannel();
        owner.layer.groupAdd("group", full).block(SOON);
        owner.layer.groupAdd("group", quick).block(SOON);
        Queue<String> received = owner.read(quick);
        for (String message : texts(10)) {
            sender.layer.groupSend("group", UTF_8.encode(message)).block(SOON);
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(received).containsExactlyElementsOf(texts(10)));
        await().atMost(SOON).until(() -> owner.dropped(DropReason.CAPACITY, full) == 6);
        assertThat(owner.layer.stats().droppedAtCapacity()).isEqualTo(6);
        assertThat(owner.messages(full).take(4).collectList().block(SOON)).isEqualTo(texts(4));
    }

    @Test
    void whatComesForAChannelThatIsClosedIsCountedThere() {
        RedisNode owner = node(ChannelLayerOptions.defaults());
        String channel = owner.layer.newChannel();
        String open = owner.layer.newChannel();
        owner.layer.closeChannel(channel);
        send(channel, 3);
        send(open, 1);

        await().atMost(SOON).until(() -> owner.dropped(DropReason.CLOSED, channel) == 3);
        assertThat(owner.layer.stats().droppedAtClose()).isEqualTo(3);
        assertThat(owner.messages(open).blockFirst(SOON)).isEqualTo("m0");
    }

    @Test
    void aSendToAChannelOfANodeThatHasEndedFails() {
        RedisNode owner = node(ChannelLayerOptions.defaults());
        String channel = owner.layer.newChannel();
        send(channel, 1);
        owner.close();

        StepVerifier.create(sender.send(channel, "too late"))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(ChannelLayerUnavailableException.class)
                        .hasMessageContaining("send to " + channel)
                        .hasStackTraceContaining("its node has ended, or is not back after an outage"))
                .verify(SOON);
        assertThat(sender.layer.stats().refused()).isEqualTo(1);
        assertThat(sender.layer.stats().sent()).isEqualTo(1);
    }

    @Test
    void whatIsOnItsWayToANodeThatIsCutOffIsReportedOrCounted() throws Exception {
        RedisNode owner = node(ChannelLayerOptions.defaults().withCapacity(10_000));
        String channel = owner.layer.newChannel();
        Queue<String> received = owner.read(channel);
        send(channel, 10);
        await().atMost(SOON).until(() -> received.size() == 10);

        assertThat(REDIS.get().command("CLIENT", "KILL", "TYPE", "pubsub")).startsWith(":");
        int[] failed = {0};
        Flux.range(0, 200)
                .concatMap(i -> sender.send(channel, "later" + i).onErrorComplete(failure -> {
                    failed[0]++;
                    return failure instanceof ChannelLayerUnavailableException;
                }))
                .blockLast(SOON);
        await().atMost(SOON).until(() -> owner.layer.isReady() && sender.layer.isReady());
        send(channel, 1);

        await().atMost(SOON).until(() -> received.contains("m0") && received.size() > 10);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(received.size() + owner.dropped(DropReason.LOST, owner.layer.node()))
                        .as("%d of 200 have failed", failed[0])
                        .isBetween(211L - failed[0], 211L));
    }
}
