package io.asyncgateway.websocket.redis;

import static io.asyncgateway.websocket.redis.RedisNode.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** What Redis itself says of the subscriptions: one for each group and node, however many members. */
class RedisSubscriptionsTest {
    private final RedisServer server = RedisServer.start();
    private final List<RedisNode> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(RedisNode::close);
        server.close();
    }

    private RedisNode node() {
        RedisNode node = new RedisNode(server, ChannelLayerOptions.defaults());
        opened.add(node);
        return node;
    }

    private static List<String> channels(RedisNode node, int count) {
        return Stream.generate(node.layer::newChannel).limit(count).toList();
    }

    private static void addAll(RedisNode node, String group, List<String> channels) {
        Flux.fromIterable(channels)
                .flatMap(channel -> node.layer.groupAdd(group, channel))
                .blockLast(SOON);
    }

    private int subscribers(String group) throws Exception {
        String[] lines = server.command("PUBSUB", "SHARDNUMSUB", "asyncgateway:g:" + group)
                .split("\r\n");
        return Integer.parseInt(lines[lines.length - 1].substring(1));
    }

    private void awaitSubscribers(String group, int expected) {
        await().atMost(SOON).untilAsserted(() -> assertThat(subscribers(group)).isEqualTo(expected));
    }

    @Test
    void allMembersOfAGroupOnANodeShareOneSubscriptionUntilTheLastHasLeft() throws Exception {
        RedisNode node = node();
        List<String> members = channels(node, 50);
        assertThat(subscribers("group")).isZero();

        addAll(node, "group", members);
        assertThat(subscribers("group")).isEqualTo(1);
        for (String member : members.subList(0, 25)) {
            node.layer.groupDiscard("group", member).block(SOON);
        }
        members.subList(25, 49).forEach(node.layer::closeChannel);
        assertThat(subscribers("group")).isEqualTo(1);

        node.layer.groupDiscard("group", members.get(49)).block(SOON);
        awaitSubscribers("group", 0);
        assertThat(server.command("PUBSUB", "SHARDCHANNELS", "asyncgateway:g:*"))
                .isEqualTo("*0\r\n");
    }

    @Test
    void eachNodeWithMembersHasOneSubscriptionAndNodesWithoutHaveNone() throws Exception {
        RedisNode one = node();
        RedisNode other = node();
        RedisNode stranger = node();
        addAll(one, "group", channels(one, 10));
        List<String> ofOther = channels(other, 10);
        addAll(other, "group", ofOther);
        stranger.layer.groupSend("group", UTF_8.encode("hello")).block(SOON);
        assertThat(subscribers("group")).isEqualTo(2);

        ofOther.forEach(other.layer::closeChannel);
        awaitSubscribers("group", 1);
        one.close();
        awaitSubscribers("group", 0);
    }

    @Test
    void membersThatComeAndGoAtTheSameTimeLeaveNoSubscriptionBehindAndTakeNoneAway() throws Exception {
        RedisNode node = node();
        for (int round = 0; round < 20; round++) {
            List<String> leaving = channels(node, 10);
            addAll(node, "group", leaving);
            String comes = node.layer.newChannel();
            Queue<String> received = node.read(comes);

            Flux.fromIterable(leaving)
                    .flatMap(channel -> node.layer.groupDiscard("group", channel))
                    .mergeWith(node.layer.groupAdd("group", comes))
                    .blockLast(SOON);
            assertThat(subscribers("group")).isEqualTo(1);
            node.layer.groupSend("group", UTF_8.encode("here")).block(SOON);
            await().atMost(SOON).untilAsserted(() -> assertThat(received).containsExactly("here"));

            node.layer.closeChannel(comes);
            leaving.forEach(node.layer::closeChannel);
            awaitSubscribers("group", 0);
        }
    }

    @Test
    void afterAnOutageEachGroupIsSubscribedToOnceAgain() throws Exception {
        RedisNode one = node();
        RedisNode other = node();
        addAll(one, "group", channels(one, 5));
        addAll(other, "group", channels(other, 5));
        String leaves = one.layer.newChannel();
        one.layer.groupAdd("left", leaves).block(SOON);

        server.kill();
        await().atMost(SOON).until(() -> !one.layer.isReady() && !other.layer.isReady());
        one.layer.closeChannel(leaves);
        addAll(one, "joined", channels(one, 5));
        server.restart();
        await().atMost(SOON).until(() -> one.layer.isReady() && other.layer.isReady());

        awaitSubscribers("group", 2);
        awaitSubscribers("joined", 1);
        assertThat(subscribers("left")).isZero();
    }
}
