package io.asyncgateway.samples.legacy.shop;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Something to buy. Templates read it, so its accessors have {@code get}. */
@Entity
public class Product {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Column(nullable = false, unique = true, length = 100)
    private String name;

    @Column(nullable = false, length = 1000)
    private String description;

    @Column(nullable = false, precision = 10, scale = 2)
    private BigDecimal price;

    @Column(nullable = false)
    private int stock;

    @Column(nullable = false)
    private boolean pictured;

    /** For Hibernate. */
    @SuppressWarnings("NullAway")
    protected Product() {}

    Product(String name, String description, BigDecimal price, int stock) {
        this.name = name;
        this.description = description;
        this.price = price;
        this.stock = stock;
    }

    public long getId() {
        return Objects.requireNonNull(id, "id: not stored yet");
    }

    public String getName() {
        return name;
    }

    public String getDescription() {
        return description;
    }

    /** In euros. */
    public BigDecimal getPrice() {
        return price;
    }

    public int getStock() {
        return stock;
    }

    /** Whether there is a {@link Picture} of it. */
    public boolean isPictured() {
        return pictured;
    }

    void setPictured(boolean value) {
        pictured = value;
    }
}
