package io.asyncgateway.server;

import io.asyncgateway.api.testing.ConformanceClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A client of the conformance kit over a protocol that gives each exchange and each WebSocket a stream of one connection. */
abstract class StreamConformanceClient implements ConformanceClient {
    private final String scheme;

    StreamConformanceClient(String scheme) {
        this.scheme = scheme;
    }

    /** A stream on which nothing was sent. */
    abstract StreamExchange newStream();

    @Override
    public final Exchange open(Request request) throws IOException {
        StreamExchange stream = newStream();
        stream.begin(fields(request.method(), request), !request.body());
        return stream;
    }

    /** RFC 8441, RFC 9220. */
    @Override
    public final WebSocket openWebSocket(Request request) throws IOException {
        List<String> fields = fields("CONNECT", request, ":protocol", "websocket");
        fields.addAll(List.of("sec-websocket-version", "13"));
        StreamExchange stream = newStream();
        stream.begin(fields, false);
        return new StreamWebSocket(stream);
    }

    private List<String> fields(String method, Request request, String... more) {
        List<String> fields = new ArrayList<>(List.of(":method", method));
        fields.addAll(List.of(more));
        fields.addAll(List.of(":scheme", scheme, ":path", request.target()));
        if (request.first("host") == null) {
            fields.addAll(List.of(":authority", "conformance.example"));
        }
        request.fields().forEach(field -> {
            fields.add(field.getKey().toLowerCase(Locale.ROOT));
            fields.add(field.getValue());
        });
        return fields;
    }
}
