package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The events {@code one}, {@code two} and {@code three} of a server that sends each when the one before was read. */
final class ServerSentEvents {
    private ServerSentEvents() {}

    /** Reads them one by one, each with what it begins with, up to the end. */
    static void expect(RealServer server, String target, String field, Gate next)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = server.send(server.request(target), BodyHandlers.ofInputStream());
        assertThat(response.headers().firstValue("content-type").orElse("none")).startsWith("text/event-stream");
        try (InputStream events = response.body()) {
            for (String text : List.of("one", "two", "three")) {
                String event = field + text + "\n\n";
                assertThat(new String(events.readNBytes(event.length()), StandardCharsets.UTF_8))
                        .isEqualTo(event);
                next.open();
            }
            assertThat(events.readAllBytes()).isEmpty();
        }
    }
}
