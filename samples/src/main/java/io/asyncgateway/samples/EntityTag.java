package io.asyncgateway.samples;

import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.ResponseBody;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Send;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * A conditional request (RFC 9110 section 13.1.2): 304 where {@code if-none-match} names the tag of what would be sent, and 200 with a body
 * where it names others. Without that field the answer is 304 too, since that is what the path is called.
 */
final class EntityTag {
    /** The tag; opaque, quotes included. */
    static final String TAG = "\"reference\"";

    private static final ResponseStart NOT_MODIFIED = ResponseStart.of(304, "etag", TAG);
    private static final ResponseStart OK =
            ResponseStart.of(200, "content-type", "text/plain; charset=utf-8", "etag", TAG);
    private static final ByteBuffer BODY = StandardCharsets.US_ASCII.encode("modified\n");

    private EntityTag() {}

    static Mono<Void> handle(HttpScope scope, Send send) {
        List<String> conditions = scope.headers().all("if-none-match");
        if (conditions.isEmpty() || conditions.stream().anyMatch(EntityTag::matches)) {
            return send.send(NOT_MODIFIED).then(send.send(ResponseBody.last()));
        }
        return Http.respond(send, OK, BODY);
    }

    /** Weak comparison, as this field wants it. Our tag has no comma in it, so a list is split at each. */
    private static boolean matches(String condition) {
        for (String tag : condition.split(",", -1)) {
            String opaque = tag.strip().replaceFirst("^W/", "");
            if (opaque.equals(TAG) || opaque.equals("*")) {
                return true;
            }
        }
        return false;
    }
}
