package io.asyncgateway.samples.legacy.shop;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** The cart of the session. */
@Controller
class CartController {
    private final Cart cart;
    private final Catalog catalog;

    CartController(Cart cart, Catalog catalog) {
        this.cart = cart;
        this.catalog = catalog;
    }

    /**
     * A line of the cart, as its page shows it.
     *
     * @param product the product
     * @param quantity how many
     * @param cost of all of them
     */
    record Line(Product product, int quantity, BigDecimal cost) {}

    @GetMapping("/cart")
    String show(Model model) {
        Map<Long, Integer> quantities = cart.quantities();
        List<Line> lines = catalog.all(quantities.keySet()).stream()
                .map(product -> line(product, quantities.getOrDefault(product.getId(), 0)))
                .toList();
        model.addAttribute("lines", lines);
        model.addAttribute("total", lines.stream().map(Line::cost).reduce(BigDecimal.ZERO, BigDecimal::add));
        return "cart";
    }

    private static Line line(Product product, int quantity) {
        return new Line(product, quantity, product.getPrice().multiply(BigDecimal.valueOf(quantity)));
    }

    @PostMapping("/cart/add")
    String add(@RequestParam("product") long product, @RequestParam("quantity") int quantity) {
        if (quantity < 1 || quantity > Cart.MAX_QUANTITY || catalog.find(product) == null) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
        }
        cart.add(product, quantity);
        return "redirect:/cart";
    }

    @PostMapping("/cart/remove")
    String remove(@RequestParam("product") long product) {
        cart.remove(product);
        return "redirect:/cart";
    }
}
