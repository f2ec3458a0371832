package io.asyncgateway.samples.legacy.shop;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.SessionTrackingMode;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.web.WebApplicationInitializer;
import org.springframework.web.context.ContextLoaderListener;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.filter.CharacterEncodingFilter;
import org.springframework.web.filter.DelegatingFilterProxy;
import org.springframework.web.servlet.DispatcherServlet;

/** The shop's {@code web.xml}: what every servlet container calls when it starts. */
public final class ShopInitializer implements WebApplicationInitializer {
    /** The largest picture; a whole form may have a little more. */
    static final int MAX_PICTURE = 2 * 1024 * 1024;

    private static final int MAX_FORM = MAX_PICTURE + 64 * 1024;
    private static final int IN_MEMORY = 64 * 1024;
    private static final int SESSION_MINUTES = 30;

    private final OrderFeed feed;

    /** Without anybody who hears of orders. */
    public ShopInitializer() {
        this(order -> {});
    }

    /**
     * With somebody who hears of orders.
     *
     * @param feed hears of each order that was placed
     */
    public ShopInitializer(OrderFeed feed) {
        this.feed = feed;
    }

    @Override
    public void onStartup(ServletContext servletContext) {
        AnnotationConfigWebApplicationContext root = new AnnotationConfigWebApplicationContext();
        root.register(DataConfig.class, SecurityConfig.class, ShopConfig.class);
        root.addBeanFactoryPostProcessor(factory -> factory.registerSingleton("orderFeed", feed));
        servletContext.addListener(new ContextLoaderListener(root));

        AnnotationConfigWebApplicationContext web = new AnnotationConfigWebApplicationContext();
        web.register(WebConfig.class);
        ServletRegistration.Dynamic dispatcher = servletContext.addServlet("shop", new DispatcherServlet(web));
        dispatcher.setLoadOnStartup(1);
        dispatcher.addMapping("/");
        dispatcher.setMultipartConfig(new MultipartConfigElement("", MAX_PICTURE, MAX_FORM, IN_MEMORY));

        EnumSet<DispatcherType> all = EnumSet.allOf(DispatcherType.class);
        servletContext
                .addFilter("encoding", new CharacterEncodingFilter("UTF-8"))
                .addMappingForUrlPatterns(all, false, "/*");
        servletContext.addFilter("limit", new FormLimit(MAX_FORM)).addMappingForUrlPatterns(all, false, "/*");
        servletContext
                .addFilter("security", new DelegatingFilterProxy("springSecurityFilterChain"))
                .addMappingForUrlPatterns(all, false, "/*");

        // In a cookie, never in an address that can be copied; not for scripts, and not for other sites' forms.
        servletContext.setSessionTrackingModes(Set.of(SessionTrackingMode.COOKIE));
        servletContext.getSessionCookieConfig().setHttpOnly(true);
        servletContext.getSessionCookieConfig().setAttribute("SameSite", "Lax");
        servletContext.setSessionTimeout(SESSION_MINUTES);
    }
}
