package io.asyncgateway.samples.legacy.shop;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What there is to buy. */
@Service
@Transactional(readOnly = true)
class Catalog {
    static final int PAGE = 12;

    @PersistenceContext
    @SuppressWarnings("NullAway.Init")
    private EntityManager entities;

    /** One page of products by name; at most one more than fits on it, which says that there is a next. */
    List<Product> page(int number) {
        return entities.createQuery("select p from Product p order by p.name", Product.class)
                .setFirstResult(Math.multiplyExact(number, PAGE))
                .setMaxResults(PAGE + 1)
                .getResultList();
    }

    @Nullable
    Product find(long id) {
        return entities.find(Product.class, id);
    }

    List<Product> all(Collection<Long> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return entities.createQuery("select p from Product p where p.id in :ids order by p.name", Product.class)
                .setParameter("ids", ids)
                .getResultList();
    }

    boolean isEmpty() {
        return entities.createQuery("select count(p) from Product p", Long.class)
                        .getSingleResult()
                == 0;
    }

    @Nullable
    Picture picture(long product) {
        return entities.find(Picture.class, product);
    }

    /** Stores a product, with its picture if there is one. */
    @Transactional
    public Product add(
            String name, String description, BigDecimal price, int stock, @Nullable PictureType type, byte[] picture) {
        Product product = new Product(name, description, price, stock);
        entities.persist(product);
        if (type != null) {
            product.setPictured(true);
            entities.persist(new Picture(product.getId(), type, picture));
        }
        return product;
    }
}
