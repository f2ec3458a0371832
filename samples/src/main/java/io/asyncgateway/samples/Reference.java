package io.asyncgateway.samples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.EarlyHints;
import io.asyncgateway.api.HttpEvent.ResponseBody;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The application that protocol suites and benchmarks drive, and a tour of what an application can do:
 *
 * <table>
 *   <caption>Paths</caption>
 *   <tr><th>path</th><th>answer</th></tr>
 *   <tr><td>{@code /plaintext}, {@code /json}</td><td>the same few bytes each time, the second ones serialized each time</td></tr>
 *   <tr><td>{@code /echo}</td><td>the body, streamed back as it comes</td></tr>
 *   <tr><td>{@code /stream}</td><td>100 chunks of 1 KiB</td></tr>
 *   <tr><td>{@code /sleep?ms=50}</td><td>after that time</td></tr>
 *   <tr><td>{@code /big?n=N}</td><td>N bytes with a content-length, as fast as the client takes them</td></tr>
 *   <tr><td>{@code /chunked}</td><td>a body of three parts</td></tr>
 *   <tr><td>{@code /204}, {@code /304}</td><td>those statuses; the second with an entity tag ({@link EntityTag})</td></tr>
 *   <tr><td>{@code /nobody}</td><td>without reading the body of the request</td></tr>
 *   <tr><td>{@code /file?n=N}</td><td>N bytes of a file ({@link TemporaryFile})</td></tr>
 *   <tr><td>{@code /hints}</td><td>103 and then 200</td></tr>
 *   <tr><td>{@code /trailers}</td><td>the trailer fields of the request ({@link Trailers})</td></tr>
 *   <tr><td>any other</td><td>what the server made of the request ({@link Probe})</td></tr>
 *   <tr><td>{@code /ws} and below</td><td>WebSockets ({@link Echoes})</td></tr>
 * </table>
 *
 * <p>Whatever is the same at each request is made once: events are immutable and can be sent any number of times.
 */
public final class Reference implements Application {
    private static final ResponseStart TEXT = ResponseStart.of(200, "content-type", "text/plain; charset=utf-8");
    private static final ResponseStart JSON = ResponseStart.of(200, "content-type", "application/json");
    private static final ResponseStart OCTETS = ResponseStart.of(200, "content-type", "application/octet-stream");
    private static final ResponseStart NO_CONTENT = new ResponseStart(204);
    private static final EarlyHints HINTS = new EarlyHints(Headers.of("link", "</style.css>; rel=preload; as=style"));

    private static final ByteBuffer HELLO = ascii("Hello, World!");
    private static final ByteBuffer NOBODY = ascii("nobody\n");
    private static final ByteBuffer HINTED = ascii("hinted\n");
    private static final Flux<ByteBuffer> HUNDRED_CHUNKS =
            Flux.fromIterable(Collections.nCopies(100, Pattern.bytes(1024)));
    private static final ObjectWriter MESSAGE = new ObjectMapper().writerFor(Message.class);

    private static final long LONGEST_SLEEP = Duration.ofMinutes(1).toMillis();

    private final Application routes = Applications.builder()
            .http(this::http)
            .webSocket(Echoes::handle)
            .lifespan(TemporaryFile.lifespan())
            .build();

    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        return routes.handle(scope, receive, send);
    }

    private Mono<Void> http(HttpScope scope, Receive receive, Send send) {
        return switch (scope.localPath()) {
            case "/plaintext" -> Http.respond(send, TEXT, HELLO);
            case "/json" -> json(send);
            case "/echo" -> Echo.handle(receive, send);
            case "/stream" -> Http.stream(send, OCTETS, HUNDRED_CHUNKS);
            case "/sleep" -> QueryNumber.of(scope, "ms", LONGEST_SLEEP).use(send, ms -> sleep(send, ms));
            case "/big" -> QueryNumber.of(scope, "n", Big.LARGEST).use(send, n -> Big.send(send, n));
            case "/chunked" -> chunked(send);
            case "/204" -> send.send(NO_CONTENT).then(send.send(ResponseBody.last()));
            case "/304" -> EntityTag.handle(scope, send);
            case "/nobody" -> Http.respond(send, TEXT, NOBODY);
            case "/file" ->
                QueryNumber.of(scope, "n", TemporaryFile.SIZE).use(send, n -> TemporaryFile.send(scope, send, n));
            case "/hints" -> send.send(HINTS).then(Http.respond(send, TEXT, HINTED));
            case "/trailers" -> Trailers.handle(receive, send);
            default -> Probe.handle(scope, receive, send);
        };
    }

    private static Mono<Void> json(Send send) {
        try {
            return Http.respond(send, JSON, ByteBuffer.wrap(MESSAGE.writeValueAsBytes(new Message("Hello, World!"))));
        } catch (JsonProcessingException e) {
            return Mono.error(e);
        }
    }

    record Message(String message) {}

    private static Mono<Void> sleep(Send send, long ms) {
        return Mono.delay(Duration.ofMillis(ms)).then(Http.respond(send, 200, "slept " + ms + " ms\n"));
    }

    private static Mono<Void> chunked(Send send) {
        return send.send(TEXT)
                .then(send.send(ResponseBody.more(ascii("one,"))))
                .then(send.send(ResponseBody.more(ascii("two,"))))
                .then(send.send(ResponseBody.last("three")));
    }

    private static ByteBuffer ascii(String text) {
        return US_ASCII.encode(text).asReadOnlyBuffer();
    }
}
