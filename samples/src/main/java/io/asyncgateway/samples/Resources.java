package io.asyncgateway.samples;

import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Send;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** A few small files from the jar, read once. */
final class Resources {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8");

    private final Map<String, Resource> resources = new HashMap<>();

    private record Resource(ResponseStart start, ByteBuffer bytes) {}

    private Resources() {}

    /** Reads them from beside this class. It blocks, so it is for constructors. */
    static Resources of(String... names) {
        Resources read = new Resources();
        for (String name : names) {
            read.resources.put(name, read(name));
        }
        return read;
    }

    private static Resource read(String name) {
        String type = Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1)), name);
        // The page runs its own script and style and talks to its own server, and nothing else.
        ResponseStart start = ResponseStart.of(
                200,
                "content-type",
                type,
                "cache-control",
                "no-cache",
                "content-security-policy",
                "default-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
                "x-content-type-options",
                "nosniff");
        try (InputStream in = Resources.class.getResourceAsStream(name)) {
            byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
            return new Resource(start, ByteBuffer.wrap(bytes).asReadOnlyBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** Answers GET and HEAD with one of them. */
    Mono<Void> send(HttpScope scope, Send send, String name) {
        if (!scope.method().equals("GET") && !scope.method().equals("HEAD")) {
            return Http.respond(send, ResponseStart.of(405, "allow", "GET, HEAD"), ByteBuffer.allocate(0));
        }
        Resource resource = Objects.requireNonNull(resources.get(name), name);
        return Http.respond(send, resource.start(), resource.bytes());
    }
}
