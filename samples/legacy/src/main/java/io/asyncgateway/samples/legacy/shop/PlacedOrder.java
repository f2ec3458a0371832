package io.asyncgateway.samples.legacy.shop;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An order of a customer. Templates read it, so its accessors have {@code get}. */
@Entity
public class PlacedOrder {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    private Account customer;

    @Column(nullable = false)
    private Instant placedAt;

    @OneToMany(cascade = CascadeType.PERSIST, fetch = FetchType.LAZY)
    @JoinColumn(name = "order_id", nullable = false)
    @OrderBy("id")
    private List<OrderLine> lines = new ArrayList<>();

    /** For Hibernate. */
    @SuppressWarnings("NullAway")
    protected PlacedOrder() {}

    PlacedOrder(Account customer, Instant placedAt) {
        this.customer = customer;
        this.placedAt = placedAt;
    }

    void add(OrderLine line) {
        lines.add(line);
    }

    public long getId() {
        return Objects.requireNonNull(id, "id: not stored yet");
    }

    public String getCustomerName() {
        return customer.name();
    }

    public Instant getPlacedAt() {
        return placedAt;
    }

    public List<OrderLine> getLines() {
        return List.copyOf(lines);
    }

    public BigDecimal getTotal() {
        return lines.stream().map(OrderLine::getCost).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
