package io.asyncgateway.samples.legacy;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/** On a real PostgreSQL of its own. Skipped where there is none, except on a continuous integration server. */
class PostgresShopTest extends ShopContract {
    private PostgresCluster cluster;

    @Override
    Map<String, String> openDatabase() throws Exception {
        MissingTools.skipUnless(PostgresCluster.isInstalled(), "PostgreSQL (Debian: postgresql)");
        cluster = PostgresCluster.start();
        return database();
    }

    @Override
    Map<String, String> database() {
        return Map.of(
                "shop.database.url", cluster.url(),
                "shop.database.user", PostgresCluster.USER,
                "shop.database.password", PostgresCluster.PASSWORD);
    }

    /** Comes before the end of the superclass: the shop goes first, then its database. */
    @AfterAll
    void stop() throws Exception {
        close();
        if (cluster != null) {
            cluster.stop();
        }
    }
}
