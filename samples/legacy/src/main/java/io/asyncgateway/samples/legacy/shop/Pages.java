package io.asyncgateway.samples.legacy.shop;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.ui.Model;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.ModelAndView;

/** What all pages show, and the page for what goes wrong, which tells nothing of the inside. */
@ControllerAdvice
class Pages {
    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);

    private final Cart cart;
    private final String livePage;

    Pages(Cart cart, Environment environment) {
        this.cart = cart;
        this.livePage = environment.getProperty("shop.live.page", "");
    }

    @ModelAttribute
    void frame(HttpServletRequest request, Model model) {
        // Who has no session yet gets none for looking around.
        model.addAttribute("cartSize", request.getSession(false) == null ? 0 : cart.size());
        frame(request).forEach(model::addAttribute);
    }

    private Map<String, Object> frame(HttpServletRequest request) {
        return Map.of(
                "user",
                Objects.requireNonNullElse(request.getRemoteUser(), ""),
                "staff",
                request.isUserInRole(Account.Role.STAFF.name()),
                "livePage",
                livePage);
    }

    @ExceptionHandler
    ModelAndView failed(Exception failure, HttpServletRequest request) {
        HttpStatusCode status = status(failure);
        if (status.is5xxServerError()) {
            LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
        }
        ModelAndView page = new ModelAndView("mishap", frame(request));
        page.setStatus(status);
        page.addObject("status", status.value());
        return page;
    }

    private static HttpStatusCode status(Exception failure) {
        if (failure instanceof MaxUploadSizeExceededException) {
            return HttpStatus.CONTENT_TOO_LARGE;
        }
        if (failure instanceof TypeMismatchException || failure instanceof MultipartException) {
            return HttpStatus.BAD_REQUEST;
        }
        return failure instanceof ErrorResponse known ? known.getStatusCode() : HttpStatus.INTERNAL_SERVER_ERROR;
    }
}
