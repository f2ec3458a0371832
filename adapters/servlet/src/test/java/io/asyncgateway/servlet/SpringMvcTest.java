package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartResolver;
import org.springframework.web.multipart.support.StandardServletMultipartResolver;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Spring MVC, registered by an initializer, over real HTTP. */
class SpringMvcTest {
    /** An event is sent when the client has read the one before. */
    private static final Gate NEXT_EVENT = new Gate();

    private static RealServer server;

    @BeforeAll
    static void start() {
        server = RealServer.of(ServletApplication.builder()
                .initializer((classes, context) -> {
                    AnnotationConfigWebApplicationContext spring = new AnnotationConfigWebApplicationContext();
                    spring.register(Configured.class, Orders.class);
                    ServletRegistration.Dynamic dispatcher =
                            context.addServlet("spring", new DispatcherServlet(spring));
                    dispatcher.addMapping("/");
                    dispatcher.setLoadOnStartup(1);
                    dispatcher.setAsyncSupported(true);
                    dispatcher.setMultipartConfig(new MultipartConfigElement("", 10_000_000, 10_000_000, 100_000));
                    FilterRegistration.Dynamic filter = context.addFilter("stamp", new Stamp());
                    filter.setAsyncSupported(true);
                    filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
                })
                .build());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void jsonIsReadAndWritten() throws Exception {
        HttpResponse<String> response = server.send(server.request("/orders")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"id\":7,\"items\":[\"tea\",\"cups\"]}")));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.body()).contains("\"id\":8", "\"items\":[\"tea\",\"cups\"]");
    }

    @Test
    void aFilterSeesEachRequest() throws Exception {
        assertThat(server.get("/orders/7").headers().firstValue("x-stamp")).hasValue("seen");
    }

    @Test
    void whatSpringRefusesIsRefused() throws Exception {
        assertThat(server.get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(server.send(server.request("/orders")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{")))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void anAsynchronousAnswerComesLater() throws Exception {
        assertThat(server.get("/callable").body()).isEqualTo("called");
        assertThat(server.get("/future").body()).isEqualTo("later");
    }

    @Test
    void serverSentEventsArriveOneByOne() throws Exception {
        ServerSentEvents.expect(server, "/events", "data:", NEXT_EVENT);
    }

    @Test
    void aStreamedBodyIsWhole() throws Exception {
        assertThat(server.get("/stream").body()).hasSize(4 * 1024 * 1024);
    }

    @Test
    void aMultipartFormIsRead() throws Exception {
        assertThat(server.send(Multipart.post(server.request("/upload"), "Ann", "a.bin", 1_000_000))
                        .body())
                .isEqualTo("Ann a.bin 1000000");
    }

    @Test
    void aSessionIsKeptByItsCookie() throws Exception {
        HttpResponse<String> first = server.get("/visits");
        String cookie = first.headers().firstValue("set-cookie").orElseThrow();

        HttpResponse<String> second =
                server.send(server.request("/visits").header("Cookie", cookie.substring(0, cookie.indexOf(';'))));

        assertThat(first.body()).isEqualTo("1");
        assertThat(second.body()).isEqualTo("2");
        assertThat(cookie).contains("HttpOnly");
    }

    record Order(int id, List<String> items) {}

    static final class Stamp extends OncePerRequestFilter {
        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            response.setHeader("X-Stamp", "seen");
            chain.doFilter(request, response);
        }
    }

    @Configuration
    @EnableWebMvc
    static class Configured {
        @Bean
        MultipartResolver multipartResolver() {
            return new StandardServletMultipartResolver();
        }
    }

    @RestController
    static class Orders {
        @PostMapping("/orders")
        Order save(@RequestBody Order order) {
            return new Order(order.id() + 1, order.items());
        }

        @GetMapping("/orders/{id}")
        Order find(@PathVariable("id") int id) {
            return new Order(id, List.of());
        }

        @GetMapping("/callable")
        Callable<String> callable() {
            return () -> "called";
        }

        @GetMapping("/future")
        CompletableFuture<String> future() {
            return CompletableFuture.supplyAsync(() -> "later");
        }

        @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        SseEmitter events() {
            SseEmitter emitter = new SseEmitter(Duration.ofSeconds(30).toMillis());
            CompletableFuture.runAsync(() -> {
                try {
                    for (String text : List.of("one", "two", "three")) {
                        emitter.send(text);
                        NEXT_EVENT.pass();
                    }
                    emitter.complete();
                } catch (IOException | InterruptedException e) {
                    emitter.completeWithError(e);
                }
            });
            return emitter;
        }

        @GetMapping("/stream")
        StreamingResponseBody stream() {
            return out -> {
                byte[] part = new byte[64 * 1024];
                for (int i = 0; i < 64; i++) {
                    out.write(part);
                }
            };
        }

        @PostMapping("/upload")
        String upload(@RequestParam("name") String name, @RequestParam("file") MultipartFile file) {
            return name + " " + file.getOriginalFilename() + " " + file.getSize();
        }

        @GetMapping("/visits")
        String visits(HttpSession session) {
            Integer before = (Integer) session.getAttribute("visits");
            int visits = before == null ? 1 : before + 1;
            session.setAttribute("visits", visits);
            return String.valueOf(visits);
        }

        @GetMapping("/headers")
        Map<String, String> headers(HttpServletRequest request) {
            return Map.of("host", request.getServerName());
        }
    }
}
