package io.asyncgateway.samples.legacy.shop;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.persistence.EntityManagerFactory;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/**
 * The database: H2 in memory, or PostgreSQL by {@code SHOP_DATABASE_URL}, {@code SHOP_DATABASE_USER} and {@code SHOP_DATABASE_PASSWORD} in the environment (or the system
 * properties {@code shop.database.url} and so on).
 */
@Configuration(proxyBeanMethods = false)
@EnableTransactionManagement
class DataConfig {
    /** As many as the database bears; the threads of the web application are a few more. */
    private static final int CONNECTIONS = 10;

    private static final long CONNECTION_WITHIN_MILLIS = 5_000;

    @Bean
    DataSource dataSource(Environment environment) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("shop");
        config.setJdbcUrl(environment.getProperty("shop.database.url", "jdbc:h2:mem:shop"));
        config.setUsername(environment.getProperty("shop.database.user", "sa"));
        config.setPassword(environment.getProperty("shop.database.password", ""));
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(CONNECTION_WITHIN_MILLIS);
        return new HikariDataSource(config);
    }

    /** Makes and extends the tables. A shop that has grown up takes a migration tool for that. */
    @Bean
    LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
        LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
        factory.setDataSource(dataSource);
        factory.setPackagesToScan(Product.class.getPackageName());
        factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        factory.setJpaPropertyMap(Map.of(
                "hibernate.hbm2ddl.auto", "update",
                // A mistake that the next page would hide.
                "hibernate.query.fail_on_pagination_over_collection_fetch", "true"));
        return factory;
    }

    @Bean
    PlatformTransactionManager transactionManager(EntityManagerFactory factory) {
        return new JpaTransactionManager(factory);
    }
}
