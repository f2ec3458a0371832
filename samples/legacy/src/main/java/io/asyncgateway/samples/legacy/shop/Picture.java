package io.asyncgateway.samples.legacy.shop;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;

/** The picture of a product. By itself, so that a list of products does not load them. */
@Entity
class Picture {
    @Id
    private long product;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false, length = 10)
    private PictureType type;

    @Column(nullable = false, length = ShopInitializer.MAX_PICTURE)
    private byte[] bytes;

    /** For Hibernate. */
    @SuppressWarnings("NullAway")
    protected Picture() {}

    Picture(long product, PictureType type, byte[] bytes) {
        this.product = product;
        this.type = type;
        this.bytes = bytes;
    }

    PictureType type() {
        return type;
    }

    byte[] bytes() {
        return bytes;
    }
}
