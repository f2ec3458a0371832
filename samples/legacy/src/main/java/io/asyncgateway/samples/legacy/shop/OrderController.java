package io.asyncgateway.samples.legacy.shop;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Orders of whoever is logged in; those of others are not there. */
@Controller
class OrderController {
    private final Cart cart;
    private final Orders orders;

    OrderController(Cart cart, Orders orders) {
        this.cart = cart;
        this.orders = orders;
    }

    @PostMapping("/orders")
    String place(Principal who, RedirectAttributes next) {
        Map<Long, Integer> quantities = cart.quantities();
        if (quantities.isEmpty()) {
            return "redirect:/cart";
        }
        try {
            PlacedOrder order = orders.place(who.getName(), quantities);
            cart.clear();
            next.addFlashAttribute("placed", true);
            return "redirect:/orders/" + order.getId();
        } catch (Orders.SoldOutException missing) {
            next.addFlashAttribute("missing", missing.getMessage());
            return "redirect:/cart";
        }
    }

    @GetMapping("/orders")
    String list(Principal who, Model model) {
        model.addAttribute("orders", orders.of(who.getName()));
        return "orders";
    }

    @GetMapping("/orders/{id}")
    String show(@PathVariable("id") long id, Principal who, Model model) {
        model.addAttribute("order", find(id, who));
        return "order";
    }

    /** A file to keep. */
    @GetMapping("/orders/{id}/receipt")
    ResponseEntity<String> receipt(@PathVariable("id") long id, Principal who) {
        PlacedOrder order = find(id, who);
        StringBuilder text = new StringBuilder("Order " + id + " of " + order.getPlacedAt() + "\n\n");
        for (OrderLine line : order.getLines()) {
            text.append(String.format(
                    Locale.ROOT, "%3d x %-40s %10.2f EUR%n", line.getQuantity(), line.getProduct(), line.getCost()));
        }
        text.append(String.format(Locale.ROOT, "%n%46s %10.2f EUR%n", "Total", order.getTotal()));
        ContentDisposition file =
                ContentDisposition.attachment().filename("order-" + id + ".txt").build();
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_DISPOSITION, file.toString())
                .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
                .body(text.toString());
    }

    private PlacedOrder find(long id, Principal who) {
        PlacedOrder order = orders.find(who.getName(), id);
        if (order == null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return order;
    }
}
