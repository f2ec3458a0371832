package io.asyncgateway.websocket.redis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/** Connects for the first time, and looks at what it has found. */
final class RedisConnector {
    private static final int OLDEST_VERSION = 7;
    private static final Pattern VERSION = Pattern.compile("redis_version:((\\d+)[^\\r\\n]*)");
    private static final Pattern CLUSTER = Pattern.compile("redis_mode:cluster");

    private RedisConnector() {}

    static Mono<Redis> connect(RedisOptions options) {
        RedisAddress address = RedisAddress.parse(options);
        return Mono.defer(() -> {
            RedisConnections connections = new RedisConnections(address, options);
            Mono<Void> reached = connections
                    .connect()
                    .timeout(options.connectTimeout().plus(options.commandTimeout()))
                    .onErrorMap(failure ->
                            failure instanceof IllegalStateException ? failure : connections.unreachable(failure));
            return reached.then(connections.call(to -> to.info("server")))
                    .doOnNext(info -> check(address, info))
                    .then(Mono.fromFuture(connections.clock::measure, true))
                    .thenReturn(new Redis(connections))
                    .onErrorResume(failure -> connections.close().then(Mono.error(failure)))
                    .doOnCancel(() -> connections.close().subscribe());
        });
    }

    private static void check(RedisAddress address, String info) {
        Matcher version = VERSION.matcher(info);
        if (version.find() && Integer.parseInt(version.group(2)) < OLDEST_VERSION) {
            throw new IllegalStateException("redis: " + address.shown() + " is version "
                    + version.group(1).strip() + " (expected: " + OLDEST_VERSION + ".0 or later, for sharded pub/sub)");
        }
        if (address.kind() != RedisAddress.Kind.CLUSTER && CLUSTER.matcher(info).find()) {
            throw new IllegalStateException("redis: " + address.shown()
                    + " is a node of a Cluster (expected: redis-cluster://host:port,host:port with some of its nodes)");
        }
    }
}
