package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.glassfish.jersey.media.multipart.FormDataContentDisposition;
import org.glassfish.jersey.media.multipart.FormDataParam;
import org.glassfish.jersey.media.multipart.MultiPartFeature;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Jersey, as a servlet, over real HTTP. */
class JerseyTest {
    /** An event is sent when the client has read the one before. */
    private static final Gate NEXT_EVENT = new Gate();

    private static RealServer server;

    @BeforeAll
    static void start() {
        ResourceConfig config = new ResourceConfig(Orders.class, Stamp.class, MultiPartFeature.class);
        server = RealServer.of(ServletApplication.of(new ServletContainer(config)));
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
    void whatJerseyRefusesIsRefused() throws Exception {
        assertThat(server.get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(server.get("/orders").statusCode()).isEqualTo(405);
    }

    @Test
    void anAsynchronousAnswerComesLater() throws Exception {
        assertThat(server.get("/orders/later").body()).isEqualTo("later");
    }

    @Test
    void serverSentEventsArriveOneByOne() throws Exception {
        ServerSentEvents.expect(server, "/orders/events", "data: ", NEXT_EVENT);
    }

    @Test
    void aStreamedBodyIsWhole() throws Exception {
        assertThat(server.get("/orders/stream").body()).hasSize(4 * 1024 * 1024);
    }

    @Test
    void aMultipartFormIsRead() throws Exception {
        assertThat(server.send(Multipart.post(server.request("/orders/upload"), "Ann", "a.bin", 1_000_000))
                        .body())
                .isEqualTo("Ann a.bin 1000000");
    }

    @Test
    void aSessionIsKeptByItsCookie() throws Exception {
        HttpResponse<String> first = server.get("/orders/visits");
        String cookie = first.headers().firstValue("set-cookie").orElseThrow();

        HttpResponse<String> second = server.send(
                server.request("/orders/visits").header("Cookie", cookie.substring(0, cookie.indexOf(';'))));

        assertThat(first.body()).isEqualTo("1");
        assertThat(second.body()).isEqualTo("2");
    }

    /** A body in JSON. */
    public record Order(int id, List<String> items) {}

    /** Marks each response. */
    public static final class Stamp implements ContainerResponseFilter {
        @Override
        public void filter(ContainerRequestContext request, ContainerResponseContext response) {
            response.getHeaders().putSingle("X-Stamp", "seen");
        }
    }

    /** The resource. */
    @Path("/orders")
    public static class Orders {
        @POST
        @Consumes(MediaType.APPLICATION_JSON)
        @Produces(MediaType.APPLICATION_JSON)
        public Order save(Order order) {
            return new Order(order.id() + 1, order.items());
        }

        @GET
        @Path("{id: \\d+}")
        @Produces(MediaType.APPLICATION_JSON)
        public Order find(@PathParam("id") int id) {
            return new Order(id, List.of());
        }

        @GET
        @Path("later")
        public void later(@Suspended AsyncResponse response) {
            CompletableFuture.runAsync(() -> response.resume("later"));
        }

        @GET
        @Path("events")
        @Produces(MediaType.SERVER_SENT_EVENTS)
        public void events(@Context SseEventSink sink, @Context Sse sse) {
            CompletableFuture.runAsync(() -> {
                for (String text : List.of("one", "two", "three")) {
                    sink.send(sse.newEvent(text)).toCompletableFuture().join();
                    awaitReader();
                }
                close(sink);
            });
        }

        private static void awaitReader() {
            try {
                NEXT_EVENT.pass();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void close(SseEventSink sink) {
            try {
                sink.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @GET
        @Path("stream")
        @Produces(MediaType.APPLICATION_OCTET_STREAM)
        public StreamingOutput stream() {
            return out -> {
                byte[] part = new byte[64 * 1024];
                for (int i = 0; i < 64; i++) {
                    out.write(part);
                }
            };
        }

        @POST
        @Path("upload")
        @Consumes(MediaType.MULTIPART_FORM_DATA)
        public String upload(
                @FormDataParam("name") String name,
                @FormDataParam("file") InputStream file,
                @FormDataParam("file") FormDataContentDisposition disposition)
                throws IOException {
            return name + " " + disposition.getFileName() + " " + file.readAllBytes().length;
        }

        @GET
        @Path("visits")
        public String visits(@Context HttpServletRequest request) {
            HttpSession session = request.getSession();
            Integer before = (Integer) session.getAttribute("visits");
            int visits = before == null ? 1 : before + 1;
            session.setAttribute("visits", visits);
            return String.valueOf(visits);
        }
    }
}
