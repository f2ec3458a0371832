package io.asyncgateway.samples.legacy.shop;

import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.context.annotation.SessionScope;
import org.springframework.web.multipart.MultipartResolver;
import org.springframework.web.multipart.support.StandardServletMultipartResolver;
import org.springframework.web.servlet.ViewResolver;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.spring6.templateresolver.SpringResourceTemplateResolver;
import org.thymeleaf.spring6.view.ThymeleafViewResolver;

/** The pages: controllers, templates, static files. Thymeleaf escapes whatever {@code th:text} puts out. */
@Configuration(proxyBeanMethods = false)
@EnableWebMvc
@Import({
    CatalogController.class,
    CartController.class,
    OrderController.class,
    AccountController.class,
    StaffController.class,
    PictureController.class,
    Pages.class
})
class WebConfig implements WebMvcConfigurer {
    private static final String HERE = "classpath:/io/asyncgateway/samples/legacy/shop/";
    private static final int HOUR = 3600;

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/static/**")
                .addResourceLocations(HERE + "static/")
                .setCachePeriod(HOUR);
    }

    @Bean
    SpringResourceTemplateResolver templates(ApplicationContext context) {
        SpringResourceTemplateResolver templates = new SpringResourceTemplateResolver();
        templates.setApplicationContext(context);
        templates.setPrefix(HERE + "templates/");
        templates.setSuffix(".html");
        templates.setCharacterEncoding("UTF-8");
        return templates;
    }

    @Bean
    SpringTemplateEngine templateEngine(SpringResourceTemplateResolver templates) {
        SpringTemplateEngine engine = new SpringTemplateEngine();
        engine.setTemplateResolver(templates);
        engine.setEnableSpringELCompiler(true);
        return engine;
    }

    @Bean
    ViewResolver viewResolver(SpringTemplateEngine engine) {
        ThymeleafViewResolver views = new ThymeleafViewResolver();
        views.setTemplateEngine(engine);
        views.setCharacterEncoding("UTF-8");
        return views;
    }

    @Bean
    MultipartResolver multipartResolver() {
        return new StandardServletMultipartResolver();
    }

    @Bean
    @SessionScope
    Cart cart() {
        return new Cart();
    }
}
