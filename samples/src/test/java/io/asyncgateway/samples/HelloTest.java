package io.asyncgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.UnsupportedScopeException;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import io.asyncgateway.api.testing.LifespanDriver;
import io.asyncgateway.api.testing.WebSocketDriver;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HelloTest {
    @Test
    void greetsWhoeverAsks() {
        try (HttpDriver driver = ApplicationDriver.get(new Hello(), "/whatever")) {
            HttpDriver.Response response = driver.expectResponse();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers().first("content-type")).isEqualTo("text/plain; charset=utf-8");
            assertThat(response.text()).isEqualTo("Hello, World!\n");
            driver.expectEnd();
        }
    }

    @Test
    void servesHttpAlone() {
        try (WebSocketDriver driver = ApplicationDriver.webSocket(new Hello(), WebSocketScope.builder())) {
            driver.expectFailure(UnsupportedScopeException.class);
        }
        try (LifespanDriver driver = ApplicationDriver.lifespan(new Hello(), LifespanScope.of(Map.of()))) {
            driver.expectFailure(UnsupportedScopeException.class);
        }
    }
}
