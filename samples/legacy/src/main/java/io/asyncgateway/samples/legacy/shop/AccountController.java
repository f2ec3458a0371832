package io.asyncgateway.samples.legacy.shop;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.validation.BindingResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;

/** Registering; the log-in itself is Spring Security's, behind our page. */
@Controller
class AccountController {
    private final Accounts accounts;

    AccountController(Accounts accounts) {
        this.accounts = accounts;
    }

    /**
     * What a new customer fills in.
     *
     * @param name how they want to be called
     * @param email where they are reached
     * @param password at most as long as its hash takes in
     */
    record Registration(
            @NotBlank @Size(max = 100) String name,
            @NotBlank @Email @Size(max = 254) String email,

            @Size(min = Accounts.MIN_PASSWORD, max = Accounts.MAX_PASSWORD_BYTES)
            String password) {
        static final Registration EMPTY = new Registration("", "", "");

        /** The page that is shown again has no password in it. */
        @Override
        public String toString() {
            return "registration of " + email;
        }
    }

    @GetMapping("/login")
    String login() {
        return "login";
    }

    @GetMapping("/register")
    String form(Model model) {
        model.addAttribute("registration", Registration.EMPTY);
        return "register";
    }

    @PostMapping("/register")
    String register(@Valid @ModelAttribute("registration") Registration registration, BindingResult mistakes) {
        if (registration.password().getBytes(StandardCharsets.UTF_8).length > Accounts.MAX_PASSWORD_BYTES) {
            mistakes.rejectValue("password", "long", "is too long");
        }
        if (mistakes.hasErrors()) {
            return "register";
        }
        if (!accounts.register(registration.email(), registration.name().strip(), registration.password())) {
            mistakes.rejectValue("email", "taken", "has an account already");
            return "register";
        }
        return "redirect:/login?registered";
    }
}
