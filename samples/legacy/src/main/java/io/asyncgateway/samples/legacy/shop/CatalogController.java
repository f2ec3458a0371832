package io.asyncgateway.samples.legacy.shop;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** What there is to buy, to everybody. */
@Controller
class CatalogController {
    private static final int MAX_PAGE = 10_000;

    private final Catalog catalog;

    CatalogController(Catalog catalog) {
        this.catalog = catalog;
    }

    @GetMapping("/")
    String list(@RequestParam(name = "page", defaultValue = "0") int page, Model model) {
        if (page < 0 || page > MAX_PAGE) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        List<Product> products = catalog.page(page);
        model.addAttribute("products", products.stream().limit(Catalog.PAGE).toList());
        model.addAttribute("page", page);
        model.addAttribute("hasNext", products.size() > Catalog.PAGE);
        return "catalog";
    }

    @GetMapping("/products/{id}")
    String show(@PathVariable("id") long id, Model model) {
        Product product = catalog.find(id);
        if (product == null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        model.addAttribute("product", product);
        return "product";
    }
}
