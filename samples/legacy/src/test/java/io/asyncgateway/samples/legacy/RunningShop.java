package io.asyncgateway.samples.legacy;

import io.asyncgateway.server.RunningServer;
import io.asyncgateway.server.Server;
import io.asyncgateway.server.ServerConfig;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The site on a real server, over a database. */
final class RunningShop implements AutoCloseable {
    static final String STAFF = "staff@example.com";
    static final String STAFF_PASSWORD = "tea for the staff";

    private static final Duration LIMIT = Duration.ofSeconds(200);

    private final RunningServer server;

    RunningShop(Map<String, String> database) {
        Map<String, String> settings = new HashMap<>(database);
        settings.put("shop.staff.password", STAFF_PASSWORD);
        server = Server.of(
                        new LegacyShop(),
                        ServerConfig.defaults().withAddress("127.0.0.1", 0).withSettings(settings))
                .start()
                .block(LIMIT);
    }

    URI uri(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + server.port() + path);
    }

    @Override
    public void close() {
        server.shutdown().block(LIMIT);
    }
}
