package io.asyncgateway.samples.legacy.shop;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a customer has chosen: in the session, so bounded. Safe for use from any thread, since a browser may send two requests at once. */
class Cart implements Serializable {
    static final int MAX_PRODUCTS = 50;
    static final int MAX_QUANTITY = 99;

    private static final long serialVersionUID = 1L;

    private final LinkedHashMap<Long, Integer> quantities = new LinkedHashMap<>();

    /** Adds some of a product, up to the bounds. */
    synchronized void add(long product, int quantity) {
        if (quantities.size() < MAX_PRODUCTS || quantities.containsKey(product)) {
            quantities.merge(product, quantity, (before, more) -> Math.min(MAX_QUANTITY, before + more));
        }
    }

    synchronized void remove(long product) {
        quantities.remove(product);
    }

    synchronized void clear() {
        quantities.clear();
    }

    /** Quantities by product, in the order in which they were chosen. */
    synchronized Map<Long, Integer> quantities() {
        return new LinkedHashMap<>(quantities);
    }

    /** How many things there are in it. */
    synchronized int size() {
        return quantities.values().stream().mapToInt(Integer::intValue).sum();
    }
}
