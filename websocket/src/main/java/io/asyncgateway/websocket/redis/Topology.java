package io.asyncgateway.websocket.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.event.ClusterTopologyChangedEvent;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** Which server the subscription to a channel belongs to. */
interface Topology {
    /**
     * The server of a channel.
     *
     * @param channel the name of a pub/sub channel
     * @return null while nobody serves it
     */
    @Nullable
    Server server(String channel);

    /** Looks anew; fails if no server could be asked. */
    CompletionStage<?> refresh();

    /** Calls back on any thread whenever servers have changed. */
    Disposable onChange(Runnable listener);

    /**
     * A server to subscribe at.
     *
     * @param name its address
     */
    record Server(
            String name, RedisClients clients, @Nullable RedisURI node) {
        CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> connect() {
            return node == null ? clients.connectPubSub() : clients.connectPubSub(node);
        }
    }

    /** One server has everything. */
    static Topology single(String name, RedisClients clients) {
        Server server = new Server(name, clients, null);
        return new Topology() {
            @Override
            public Server server(String channel) {
                return server;
            }

            @Override
            public CompletionStage<?> refresh() {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public Disposable onChange(Runnable listener) {
                return () -> {};
            }
        };
    }

    /** The primary that has the slot. */
    static Topology cluster(RedisClients clients) {
        RedisClusterClient client = clients.cluster();
        return new Topology() {
            @Override
            public @Nullable Server server(String channel) {
                RedisClusterNode node = client.getPartitions().getMasterBySlot(SlotHash.getSlot(channel));
                return node == null
                        ? null
                        : new Server(
                                node.getUri().getHost() + ":" + node.getUri().getPort(), clients, node.getUri());
            }

            @Override
            public CompletionStage<?> refresh() {
                return client.refreshPartitionsAsync();
            }

            @Override
            public Disposable onChange(Runnable listener) {
                return client.getResources()
                        .eventBus()
                        .get()
                        .ofType(ClusterTopologyChangedEvent.class)
                        .subscribe(event -> listener.run());
            }
        };
    }
}
