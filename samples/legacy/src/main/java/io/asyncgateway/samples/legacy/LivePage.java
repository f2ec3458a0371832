package io.asyncgateway.samples.legacy;

import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Send;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** The three files of the live page, read from the jar once. */
final class LivePage {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private record File(ResponseStart start, ByteBuffer bytes) {}

    private final Map<String, File> files = Map.of(
            "/", read("live.html", "text/html; charset=utf-8"),
            "/live.css", read("live.css", "text/css; charset=utf-8"),
            "/live.js", read("live.js", "text/javascript; charset=utf-8"));

    private static File read(String name, String type) {
        try (InputStream in = LivePage.class.getResourceAsStream(name)) {
            ResponseStart start = ResponseStart.of(
                    200,
                    "content-type",
                    type,
                    "cache-control",
                    "no-cache",
                    "content-security-policy",
                    POLICY,
                    "x-content-type-options",
                    "nosniff",
                    "referrer-policy",
                    "same-origin");
            return new File(
                    start,
                    ByteBuffer.wrap(Objects.requireNonNull(in, name).readAllBytes())
                            .asReadOnlyBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    Mono<Void> send(HttpScope scope, Send send) {
        if (scope.localPath().isEmpty()) {
            // The page's own links begin at its folder.
            return Http.respond(
                    send, ResponseStart.of(308, "location", scope.rootPath() + "/"), ByteBuffer.allocate(0));
        }
        File file = files.get(scope.localPath());
        if (file == null) {
            return Http.respond(send, 404, "not found (expected: /live/)\n");
        }
        if (!scope.method().equals("GET") && !scope.method().equals("HEAD")) {
            return Http.respond(send, ResponseStart.of(405, "allow", "GET, HEAD"), ByteBuffer.allocate(0));
        }
        return Http.respond(send, file.start(), file.bytes());
    }
}
