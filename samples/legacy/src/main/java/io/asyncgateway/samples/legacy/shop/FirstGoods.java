package io.asyncgateway.samples.legacy.shop;

import java.math.BigDecimal;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Something to look at, where there is nothing yet. */
@Component
class FirstGoods {
    private static final byte[] NO_PICTURE = {};

    private final Catalog catalog;

    FirstGoods(Catalog catalog) {
        this.catalog = catalog;
    }

    @EventListener(ContextRefreshedEvent.class)
    void stock() {
        if (catalog.isEmpty()) {
            add("Teapot", "Holds four cups. Does not brew coffee (RFC 2324).", "24.00", 12);
            add("Cup", "Stoneware, 250 ml, with a handle for those who do not burn their fingers gladly.", "8.50", 60);
            add("Tea strainer", "Fine mesh, stainless steel, fits every cup that we sell.", "6.20", 35);
            add("Sencha", "Japanese green tea, 100 g, first harvest.", "11.90", 40);
            add("Darjeeling", "Black tea from 2,000 m above the sea, 100 g.", "12.40", 3);
            add("Honey", "From the hills, 500 g, in a glass that comes back.", "7.80", 0);
        }
    }

    private void add(String name, String description, String price, int stock) {
        catalog.add(name, description, new BigDecimal(price), stock, null, NO_PICTURE);
    }
}
