package io.asyncgateway.websocket.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.channel.ChannelLayerContract;
import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import io.asyncgateway.websocket.history.Entry;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The layer on a real Redis Cluster of three primaries keeps the contract of channel layers, and survives one of them. */
class RedisClusterChannelLayerTest extends ChannelLayerContract {
    @RegisterExtension
    private static final Shared<RedisCluster> CLUSTER = new Shared<>(RedisCluster::start);

    private final List<Redis> connections = new ArrayList<>();
    private final String prefix = UUID.randomUUID().toString();

    private Redis connect() {
        Redis redis = Redis.connect(RedisOptions.of(CLUSTER.get().uri()).withKeyPrefix(prefix))
                .block(SOON);
        connections.add(redis);
        return redis;
    }

    @Override
    protected ChannelLayer create(ChannelLayerOptions options) {
        return connect().channelLayer(options).block(SOON);
    }

    @AfterEach
    void closeConnections() {
        connections.forEach(redis -> redis.close().block(SOON));
    }

    @Test
    void groupsAndRoomsAreSpreadOverAllPrimaries() {
        ChannelLayer one = layer();
        ChannelLayer other = layer();
        History history = connections.get(0).history(RedisHistoryOptions.defaults());
        History otherHistory = connections.get(1).history(RedisHistoryOptions.defaults());
        List<String> names = IntStream.range(0, 30).mapToObj(i -> "name" + i).toList();
        Queue<String> received = new ConcurrentLinkedQueue<>();
        Queue<Entry> tailed = new ConcurrentLinkedQueue<>();
        for (String name : names) {
            String channel = other.newChannel();
            other.groupAdd(name, channel).block(SOON);
            other.messages(channel).map(ChannelLayerContract::text).subscribe(received::add);
            otherHistory.tail(name, EntryId.ZERO).subscribe(tailed::add, closed -> {});
        }
        for (String name : names) {
            one.groupSend(name, bytes(name)).block(SOON);
            history.append(name, bytes(name)).block(SOON);
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(received).containsExactlyInAnyOrderElementsOf(names));
        await().atMost(SOON).until(() -> tailed.size() == names.size());
        for (int i = 0; i < 3; i++) {
            int index = i;
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(CLUSTER.get().server(index).command("PUBSUB", "SHARDCHANNELS"))
                            .contains(prefix));
        }
    }

    @Test
    void allMembersOfAGroupOnANodeShareOneSubscriptionInTheWholeCluster() throws Exception {
        List<ChannelLayer> nodes = List.of(layer(), layer());
        List<String> names = IntStream.range(0, 12).mapToObj(i -> "name" + i).toList();
        for (String name : names) {
            for (ChannelLayer node : nodes) {
                for (int i = 0; i < 5; i++) {
                    node.groupAdd(name, node.newChannel()).block(SOON);
                }
            }
            assertThat(subscribers(name)).as(name).isEqualTo(2);
        }

        nodes.get(0).close().block(SOON);
        for (String name : names) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(subscribers(name)).isEqualTo(1));
        }
    }

    private static int subscribers(String answer, String channel) {
        String[] lines = answer.split("\r\n");
        assertThat(lines).contains(channel);
        return Integer.parseInt(lines[lines.length - 1].substring(1));
    }

    private int subscribers(String group) throws Exception {
        String channel = prefix + ":g:" + group;
        int sum = 0;
        for (int i = 0; i < 3; i++) {
            sum += subscribers(CLUSTER.get().server(i).command("PUBSUB", "SHARDNUMSUB", channel), channel);
        }
        return sum;
    }

    @Test
    void aPrimaryThatDiesAndComesBackIsFoundAgain() {
        ChannelLayer one = layer();
        ChannelLayer other = layer();
        List<String> names = IntStream.range(0, 12).mapToObj(i -> "name" + i).toList();
        Queue<String> received = new ConcurrentLinkedQueue<>();
        for (String name : names) {
            String channel = other.newChannel();
            other.groupAdd(name, channel).block(SOON);
            other.messages(channel).map(ChannelLayerContract::text).subscribe(received::add);
        }

        CLUSTER.get().server(1).kill();
        await().atMost(SOON).until(() -> !one.isReady() && !other.isReady());
        CLUSTER.get().server(1).restart();
        CLUSTER.get().awaitWhole();
        await().atMost(SOON).until(() -> one.isReady() && other.isReady());
        for (String name : names) {
            one.groupSend(name, bytes(name)).block(SOON);
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(received).containsExactlyInAnyOrderElementsOf(names));
    }

    @Test
    void aNodeOfAClusterIsRefusedWhereOneServerIsExpected() {
        assertThatThrownBy(() -> Redis.connect(
                                RedisOptions.of(CLUSTER.get().server(0).uri()))
                        .block(SOON))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is a node of a Cluster (expected: redis-cluster://");
    }
}
