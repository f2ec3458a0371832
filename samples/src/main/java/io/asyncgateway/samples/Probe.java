package io.asyncgateway.samples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Send;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import reactor.core.publisher.Mono;

/**
 * Tells the client what the server made of its request:
 *
 * <pre>
 * probe method=POST uri=/x?y=z version=HTTP/1.1 len=5 body=aGVsbG8=
 * h host=localhost
 * h content-length=5
 * </pre>
 *
 * {@code uri} is the target as received, {@code len} the length of the body and {@code body} its first 96 bytes in Base64. The text is Latin-1, as
 * field values are. TRACE is refused, since a response to it must not show credentials (RFC 9110 section 9.3.8) and this one shows every
 * field.
 */
final class Probe {
    private static final int BYTES_SHOWN = 96;

    private static final ResponseStart START = ResponseStart.of(200, "content-type", "text/plain; charset=iso-8859-1");
    private static final ResponseStart NO_TRACE = ResponseStart.of(
            405,
            "allow",
            "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
            "content-type",
            "text/plain; charset=iso-8859-1");

    private Probe() {}

    static Mono<Void> handle(HttpScope scope, Receive receive, Send send) {
        if (scope.method().equals("TRACE")) {
            return Http.respond(send, NO_TRACE, ISO_8859_1.encode("TRACE is not served\n"));
        }
        return Http.body(receive)
                .collect(Body::new, Body::add)
                .flatMap(body -> Http.respond(send, START, ISO_8859_1.encode(text(scope, body))));
    }

    private static String text(HttpScope scope, Body body) {
        StringBuilder text = new StringBuilder(512);
        text.append("probe method=").append(scope.method());
        text.append(" uri=").append(scope.target());
        text.append(" version=").append(scope.httpVersion());
        text.append(" len=").append(body.length);
        text.append(" body=").append(body.shown()).append('\n');
        Headers headers = scope.headers();
        for (int i = 0; i < headers.size(); i++) {
            text.append("h ")
                    .append(headers.name(i))
                    .append('=')
                    .append(headers.value(i))
                    .append('\n');
        }
        return text.toString();
    }

    /** How long a body is and how it begins: all that is kept of it. */
    private static final class Body {
        private final ByteBuffer start = ByteBuffer.allocate(BYTES_SHOWN);
        private long length;

        void add(ByteBuffer part) {
            length += part.remaining();
            start.put(part.slice(part.position(), Math.min(part.remaining(), start.remaining())));
        }

        String shown() {
            return Base64.getEncoder().encodeToString(Arrays.copyOf(start.array(), start.position()));
        }
    }
}
