package io.asyncgateway.servlet;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.RequestScopeBuilder;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import io.asyncgateway.api.testing.LifespanDriver;
import java.time.Duration;
import java.util.Map;

/** An application that was started as a server does it, without a server. */
final class Deployed implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ServletApplication application;
    private final LifespanDriver lifespan;

    private Deployed(ServletApplication application, LifespanScope scope) {
        this.application = application;
        this.lifespan = ApplicationDriver.lifespan(application, scope);
        lifespan.timeout(PATIENCE);
        lifespan.startup();
        lifespan.expect(LifespanEvent.StartupComplete.class);
    }

    static Deployed of(ServletApplication application) {
        return at("", application);
    }

    static Deployed at(String rootPath, ServletApplication application) {
        return new Deployed(application, LifespanScope.of(Map.of()).withRootPath(rootPath));
    }

    static Deployed of(TestServlet.Work work) {
        return of(ServletApplication.of(new TestServlet(work)));
    }

    HttpDriver request(RequestScopeBuilder.ForHttp scope) {
        HttpDriver driver = ApplicationDriver.http(application, scope);
        driver.timeout(PATIENCE);
        return driver;
    }

    HttpDriver get(String target) {
        HttpDriver driver = ApplicationDriver.get(application, target);
        driver.timeout(PATIENCE);
        return driver;
    }

    /** The whole answer to a request without a body. */
    HttpDriver.Response answer(RequestScopeBuilder.ForHttp scope) {
        try (HttpDriver driver = request(scope)) {
            driver.give(HttpEvent.Request.empty());
            HttpDriver.Response response = driver.expectResponse();
            driver.expectEnd();
            return response;
        }
    }

    HttpDriver.Response answer(String target) {
        return answer(HttpScope.builder().target(target));
    }

    @Override
    public void close() {
        lifespan.shutdown();
        lifespan.expect(LifespanEvent.ShutdownComplete.class);
        lifespan.expectEnd();
        lifespan.close();
    }
}
