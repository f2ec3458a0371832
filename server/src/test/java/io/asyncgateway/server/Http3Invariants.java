package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Ticker;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;

/**
 * What holds whatever the peer of an HTTP/3 connection sends on one of its streams, behind the type of the stream: nothing is thrown but what ends the stream or the connection with
 * its code, and what is understood does not depend on how the octets arrive.
 */
final class Http3Invariants {
    private static final Limits LIMITS = Limits.defaults()
            .withRequestLine(128)
            .withHeaderSection(512)
            .withHeaderFields(16)
            .withBodySize(4096);

    private Http3Invariants() {}

    /** What reads a stream, and what it has understood. */
    interface Reader {
        void read(ByteBuf octets, boolean end) throws Http3Failure;
    }

    /** The stream of a request; what was understood of it. */
    static String checkRequest(byte[] octets) {
        return check(octets, told -> {
            Http3RequestDecoder decoder = new Http3RequestDecoder(
                    new Told(told),
                    guard(),
                    new QpackDecoder(),
                    new FieldSection(LIMITS.headerSection(), LIMITS.headerFields()),
                    LIMITS.headerSection());
            return decoder::input;
        });
    }

    /** Each of the other streams that a client may open. */
    static void checkUnidirectional(byte[] octets) {
        check(octets, told -> {
            Http3ControlStream control = new Http3ControlStream(guard());
            return (in, end) -> control.read(in);
        });
        check(octets, told -> reader(QpackStreams.ofEncoder(guard())));
        check(octets, told -> reader(QpackStreams.ofDecoder(guard())));
    }

    private static Reader reader(QpackStreams stream) {
        return (in, end) -> stream.read(in);
    }

    private static Http3FloodGuard guard() {
        return new Http3FloodGuard(Http3Options.defaults(), Ticker.newMockTicker());
    }

    private static String check(byte[] octets, Function<StringBuilder, Reader> stream) {
        String whole = understood(octets, new int[] {Math.max(1, octets.length)}, stream);
        assertThat(understood(octets, new int[] {1}, stream))
                .as("octet by octet")
                .isEqualTo(whole);
        int[] steps = new Random(Arrays.hashCode(octets)).ints(16, 1, 50).toArray();
        assertThat(understood(octets, steps, stream))
                .as("in steps of %s", Arrays.toString(steps))
                .isEqualTo(whole);
        return whole;
    }

    private static String understood(byte[] octets, int[] steps, Function<StringBuilder, Reader> stream) {
        StringBuilder told = new StringBuilder();
        Reader reader = stream.apply(told);
        try {
            int at = 0;
            for (int i = 0; at < octets.length; i++) {
                int length = Math.min(octets.length - at, steps[i % steps.length]);
                ByteBuf in = Unpooled.wrappedBuffer(octets, at, length);
                at += length;
                reader.read(in, at == octets.length);
                assertThat(in.isReadable()).as("octets that are left").isFalse();
            }
        } catch (Http3Failure failure) {
            told.append(failure.isOfConnection() ? "connection " : "stream ").append(failure.error());
        }
        return told.toString();
    }

    /** Writes down what it is told. */
    private record Told(StringBuilder told) implements Http3RequestDecoder.Message {
        private static RequestSectionParser parser() {
            return new RequestSectionParser(HttpVersion.HTTP_3, LIMITS, true);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void head(FieldSection section, boolean last) {
            try {
                RequestHead head = parser().parse(section, false);
                told.append("head ").append(head.method()).append(' ').append(head.target());
                tell(head.headers());
                told.append(';');
            } catch (MalformedMessage | HttpFailure failure) {
                told.append(failure).append(';');
            }
            told.append("body ");
        }

        @Override
        public void data(ByteBuf in, int length) {
            told.append(in.readCharSequence(length, ISO_8859_1));
        }

        @Override
        public void trailers(FieldSection section) {
            try {
                told.append(";trailers");
                tell(parser().trailers(section));
            } catch (MalformedMessage | HttpFailure failure) {
                told.append(failure);
            }
        }

        private void tell(Headers fields) {
            fields.forEach(field ->
                    told.append(' ').append(field.getKey()).append(": ").append(field.getValue()));
        }

        @Override
        public void end() {
            told.append(";end");
        }
    }
}
