package io.asyncgateway.samples.legacy.shop;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.validation.BindingResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/** What the staff do: put goods on the shelf, with a picture, and take home a list of all orders. */
@Controller
class StaffController {
    private final Catalog catalog;
    private final Orders orders;

    StaffController(Catalog catalog, Orders orders) {
        this.catalog = catalog;
        this.orders = orders;
    }

    /**
     * A new product.
     *
     * @param name its name
     * @param description a few sentences
     * @param price in euros
     * @param stock how many there are
     */
    @SuppressWarnings("MultipleNullnessAnnotations") // nothing may come from a form, and is refused then
    record Goods(
            @NotBlank @Size(max = 100) String name,
            @NotBlank @Size(max = 1000) String description,

            @NotNull @DecimalMin("0.01") @DecimalMax("99999.99") @Digits(integer = 5, fraction = 2) @Nullable
            BigDecimal price,

            @NotNull @Min(0) @Max(100_000) @Nullable Integer stock) {
        static final Goods EMPTY = new Goods("", "", null, null);
    }

    @GetMapping("/staff")
    String form(Model model) {
        model.addAttribute("goods", Goods.EMPTY);
        return "staff";
    }

    @PostMapping("/staff/products")
    String add(
            @Valid @ModelAttribute("goods") Goods goods,
            BindingResult mistakes,
            @RequestParam("picture") MultipartFile picture)
            throws IOException {
        byte[] bytes = picture.getBytes();
        PictureType type = PictureType.of(bytes);
        if (bytes.length > 0 && type == null) {
            mistakes.reject("picture", "The picture is neither PNG nor JPEG.");
        }
        BigDecimal price = goods.price();
        Integer stock = goods.stock();
        if (mistakes.hasErrors() || price == null || stock == null) {
            return "staff";
        }
        try {
            Product product =
                    catalog.add(goods.name().strip(), goods.description().strip(), price, stock, type, bytes);
            return "redirect:/products/" + product.getId();
        } catch (ConstraintViolationException sameName) {
            mistakes.rejectValue("name", "taken", "is taken");
            return "staff";
        }
    }

    /** As they come from the database, row by row: the list may be longer than memory. */
    @GetMapping("/staff/orders.csv")
    void list(HttpServletResponse response) throws IOException {
        response.setContentType("text/csv");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"orders.csv\"");
        PrintWriter out = response.getWriter();
        out.print("order,placed,customer,product,price,quantity\r\n");
        orders.forEachLine(line -> out.print(line.order() + "," + line.placedAt() + "," + Csv.cell(line.customer())
                + "," + Csv.cell(line.product()) + "," + line.price() + "," + line.quantity() + "\r\n"));
    }
}
