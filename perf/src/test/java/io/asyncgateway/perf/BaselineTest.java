package io.asyncgateway.perf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.samples.Reference;
import io.asyncgateway.server.EmbeddedServer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A comparison is worth something only where both do the same. */
class BaselineTest {
    private static final String GET = "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static String answer(EmbeddedChannel channel, String request) {
        channel.writeInbound(Unpooled.copiedBuffer(request, ISO_8859_1));
        StringBuilder answer = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            answer.append(part.toString(ISO_8859_1));
            part.release();
        }
        channel.finishAndReleaseAll();
        return answer.toString();
    }

    private static String raw(String request) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(new HttpServerCodec(), new RawHttpHandler(new HttpDate(channel.eventLoop())));
        return answer(channel, request);
    }

    private static String gateway(String request) {
        return answer(EmbeddedServer.connection(new Reference()), request);
    }

    /** Status line and fields in the order of their names, without the time. */
    private static List<String> head(String answer) {
        return answer.substring(0, answer.indexOf("\r\n\r\n"))
                .lines()
                .map(line -> line.startsWith("date: ") ? "date: " + line.length() : line)
                .sorted()
                .toList();
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    static Stream<String> whole() {
        return Stream.of(
                GET.formatted("/plaintext"),
                GET.formatted("/json"),
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");
    }

    @ParameterizedTest
    @MethodSource("whole")
    void answersAsTheSampleDoes(String request) {
        assertThat(head(raw(request))).isEqualTo(head(gateway(request)));
        assertThat(body(raw(request))).isEqualTo(body(gateway(request)));
    }

    @Test
    void streamsAsManyOctetsInTheSameFrames() {
        String raw = raw(GET.formatted("/stream"));
        String gateway = gateway(GET.formatted("/stream"));
        assertThat(head(raw)).isEqualTo(head(gateway));
        assertThat(body(raw)).hasSameSizeAs(body(gateway)).startsWith("400\r\n").endsWith("\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 16})
    void answersPipelinedRequestsInOneWrite(int requests) {
        String answers = raw(GET.formatted("/plaintext").repeat(requests));
        assertThat(answers.split("Hello, World!", -1)).hasSize(requests + 1);
    }
}
