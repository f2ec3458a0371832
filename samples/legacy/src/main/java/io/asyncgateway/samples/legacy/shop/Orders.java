package io.asyncgateway.samples.legacy.shop;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Orders: each is placed whole or not at all. */
@Service
@Transactional(readOnly = true)
class Orders {
    private static final int SHOWN = 100;
    private static final int FETCHED = 50;

    private final Accounts accounts;
    private final ApplicationEventPublisher events;

    @PersistenceContext
    @SuppressWarnings("NullAway.Init")
    private EntityManager entities;

    Orders(Accounts accounts, ApplicationEventPublisher events) {
        this.accounts = accounts;
        this.events = events;
    }

    /** There is less of a product than was ordered. */
    static final class SoldOutException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SoldOutException(String product) {
            super(product);
        }
    }

    /**
     * Places an order.
     *
     * @param email whose
     * @param quantities how many of which product
     * @return the order
     * @throws SoldOutException where there is less of a product; then nothing is ordered
     */
    @Transactional
    public PlacedOrder place(String email, Map<Long, Integer> quantities) {
        Account customer = accounts.find(email);
        if (customer == null) {
            throw new IllegalStateException("no account for whoever is logged in");
        }
        PlacedOrder order =
                new PlacedOrder(entities.merge(customer), Instant.now().truncatedTo(ChronoUnit.MILLIS));
        // In ascending order, so that two orders of the same products do not lock each other out.
        new TreeMap<>(quantities).forEach((id, quantity) -> order.add(take(id, quantity)));
        entities.persist(order);
        events.publishEvent(news(order));
        return order;
    }

    private OrderLine take(long id, int quantity) {
        Product product = entities.find(Product.class, id);
        if (product == null) {
            throw new SoldOutException("a product that is no longer there");
        }
        int taken = entities.createQuery(
                        "update Product p set p.stock = p.stock - :quantity where p.id = :id and p.stock >= :quantity")
                .setParameter("id", id)
                .setParameter("quantity", quantity)
                .executeUpdate();
        if (taken == 0) {
            throw new SoldOutException(product.getName());
        }
        return new OrderLine(product.getName(), product.getPrice(), quantity);
    }

    private static OrderFeed.News news(PlacedOrder order) {
        return new OrderFeed.News(
                order.getPlacedAt(),
                order.getLines().stream()
                        .map(line -> new OrderFeed.Item(line.getProduct(), line.getQuantity()))
                        .toList(),
                order.getTotal());
    }

    /** The newest orders of a customer, with their lines. */
    List<PlacedOrder> of(String email) {
        return entities.createQuery(
                        "select o from PlacedOrder o join fetch o.lines join fetch o.customer c"
                                + " where o.id in (select n.id from PlacedOrder n where n.customer.email = :email"
                                + " order by n.id desc limit " + SHOWN + ") order by o.id desc",
                        PlacedOrder.class)
                .setParameter("email", email)
                .getResultList();
    }

    /** One order of a customer, {@code null} where there is no such order or it is somebody else's. */
    @Nullable
    PlacedOrder find(String email, long id) {
        return entities.createQuery(
                        "select o from PlacedOrder o join fetch o.lines join fetch o.customer c"
                                + " where o.id = :id and c.email = :email",
                        PlacedOrder.class)
                .setParameter("id", id)
                .setParameter("email", email)
                .getSingleResultOrNull();
    }

    /** Every line of every order, as they come from the database: never all at once in memory. */
    void forEachLine(Consumer<Line> consumer) {
        try (Stream<Line> lines = entities.createQuery(
                        "select new " + Line.class.getName()
                                + "(o.id, o.placedAt, c.name, l.product, l.price, l.quantity)"
                                + " from PlacedOrder o join o.customer c join o.lines l order by o.id, l.id",
                        Line.class)
                .setHint("org.hibernate.fetchSize", FETCHED)
                .getResultStream()) {
            lines.forEach(consumer);
        }
    }

    /**
     * A line of an order, for a list of all.
     *
     * @param order the order's number
     * @param placedAt when
     * @param customer the customer's name
     * @param product the product's name
     * @param price of one
     * @param quantity how many
     */
    record Line(long order, Instant placedAt, String customer, String product, BigDecimal price, int quantity) {}
}
