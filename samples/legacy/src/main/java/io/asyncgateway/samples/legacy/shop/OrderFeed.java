package io.asyncgateway.samples.legacy.shop;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** Hears of each order after it was placed. */
@FunctionalInterface
public interface OrderFeed {
    /**
     * An order was placed, and its transaction committed.
     *
     * @param order what everybody may know of it
     */
    void placed(News order);

    /**
     * What everybody may know of an order. Nothing of the customer.
     *
     * @param at when it was placed
     * @param items what was ordered
     * @param total what it costs
     */
    record News(Instant at, List<Item> items, BigDecimal total) {}

    /**
     * A line of an order.
     *
     * @param product the name of a product
     * @param quantity how many
     */
    record Item(String product, int quantity) {}
}
