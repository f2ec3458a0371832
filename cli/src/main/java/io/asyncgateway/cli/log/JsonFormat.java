package io.asyncgateway.cli.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.asyncgateway.api.RequestScope;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.server.AccessLog.Entry;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** One JSON object on each line. What is not there is left out. */
final class JsonFormat implements AccessLogFormat {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final JsonFactory factory =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    @Override
    public void append(Entry entry, StringBuilder line) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json = factory.createGenerator(text)) {
            json.writeStartObject();
            write(entry, json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        line.append(text.getBuffer());
    }

    private static void write(Entry entry, JsonGenerator json) throws IOException {
        RequestScope scope = entry.scope();
        json.writeStringField("time", time(entry.start()));
        json.writeStringField("type", scope instanceof WebSocketScope ? "websocket" : "http");
        if (scope.client() instanceof InetSocketAddress client) {
            json.writeStringField("client", Facts.client(scope));
            json.writeNumberField("client_port", client.getPort());
        }
        present("user", Facts.user(scope), json);
        json.writeStringField("method", scope.method());
        json.writeStringField("target", scope.target());
        json.writeStringField("protocol", scope.httpVersion().toString());
        present("host", Facts.header(scope, "host"), json);
        if (entry.status() != 0) {
            json.writeNumberField("status", entry.status());
        }
        json.writeNumberField("bytes", entry.bodyBytes());
        json.writeNumberField("duration_ms", BigDecimal.valueOf(Facts.micros(entry), 3));
        json.writeBooleanField("aborted", entry.aborted());
        present("referer", Facts.header(scope, "referer"), json);
        present("user_agent", Facts.header(scope, "user-agent"), json);
    }

    private static String time(Instant time) {
        return TIME.format(time);
    }

    private static void present(String name, String value, JsonGenerator json) throws IOException {
        if (!value.equals(Facts.ABSENT)) {
            json.writeStringField(name, value);
        }
    }

    @Override
    public String toString() {
        return "json";
    }
}
