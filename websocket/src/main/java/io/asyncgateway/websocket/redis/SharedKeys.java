package io.asyncgateway.websocket.redis;

/**
 * What Redis holds of a shared channel; all in one slot of a Cluster.
 *
 * @param list the messages that wait, oldest first
 * @param taken the list of the messages that this node has taken and not handed to a reader yet
 * @param alive has one value as long as Redis has not lost its data
 * @param wake pub/sub channel that says that the list is no longer empty
 */
record SharedKeys(String list, String taken, String alive, String wake) {
    static SharedKeys of(RedisConnections redis, String channel, String node) {
        String list = redis.key("q", "{" + channel + "}");
        return new SharedKeys(list, list + ":taken:" + node, list + ":alive", list + ":wake");
    }
}
