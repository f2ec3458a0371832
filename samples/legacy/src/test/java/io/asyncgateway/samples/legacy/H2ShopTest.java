package io.asyncgateway.samples.legacy;

import java.util.Map;

/** On the database that needs nothing. */
class H2ShopTest extends ShopContract {
    @Override
    Map<String, String> openDatabase() {
        return database();
    }

    @Override
    Map<String, String> database() {
        return Map.of(
                "shop.database.url", "jdbc:h2:mem:test", "shop.database.user", "sa", "shop.database.password", "");
    }
}
