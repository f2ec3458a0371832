package io.asyncgateway.samples.legacy.shop;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.Locale;
import java.util.Objects;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Who can log in. */
@Service
class Accounts implements UserDetailsService {
    /** BCrypt hashes no more than this. */
    static final int MAX_PASSWORD_BYTES = 72;

    static final int MIN_PASSWORD = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);

    private final PasswordEncoder passwords;
    private final TransactionTemplate transaction;
    private final Environment environment;

    @PersistenceContext
    @SuppressWarnings("NullAway.Init")
    private EntityManager entities;

    Accounts(PasswordEncoder passwords, PlatformTransactionManager transactions, Environment environment) {
        this.passwords = passwords;
        this.transaction = new TransactionTemplate(transactions);
        this.environment = environment;
    }

    /** The staff's account, if the operator has given it a password. There is none by default, so there is none that everybody knows. */
    @EventListener
    void addStaff(ContextRefreshedEvent refreshed) {
        if (refreshed.getApplicationContext().getParent() != null) {
            return; // the context of the servlet, whose events come here too
        }
        String password = environment.getProperty("shop.staff.password");
        String email = environment.getProperty("shop.staff.email", "staff@example.com");
        if (password == null) {
            LOG.info("no account for the staff (expected: SHOP_STAFF_PASSWORD, if there is to be one)");
        } else if (find(email) == null) {
            add(email, "Staff", password, Account.Role.STAFF);
            LOG.info("the account of the staff is {}", email);
        }
    }

    /** A new customer; {@code false} where the address has an account already. */
    boolean register(String email, String name, String password) {
        return find(email) == null && add(email, name, password, Account.Role.CUSTOMER);
    }

    /** The hash takes long on purpose: it is made before a connection is taken. */
    private boolean add(String email, String name, String password, Account.Role role) {
        Account account = new Account(normal(email), name, Objects.requireNonNull(passwords.encode(password)), role);
        try {
            transaction.executeWithoutResult(status -> entities.persist(account));
            return true;
        } catch (ConstraintViolationException sameAddress) {
            return false; // two at once
        }
    }

    @Nullable
    Account find(String email) {
        return transaction.execute(
                status -> entities.createQuery("select a from Account a where a.email = :email", Account.class)
                        .setParameter("email", normal(email))
                        .getSingleResultOrNull());
    }

    private static String normal(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }

    @Override
    public UserDetails loadUserByUsername(String email) {
        Account account = find(email);
        if (account == null) {
            throw new UsernameNotFoundException("no such account");
        }
        return User.withUsername(account.email())
                .password(account.passwordHash())
                .roles(account.role().name())
                .build();
    }
}
