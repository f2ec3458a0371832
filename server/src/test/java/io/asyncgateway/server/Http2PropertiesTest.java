package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Properties of everything that reads HTTP/2: frames and field blocks, right ones and damaged ones. */
class Http2PropertiesTest {
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;

    /**
     * A request, and how it is written.
     *
     * @param representations of its fields, in turn: the first bits of a literal
     * @param cuts the sizes of the pieces that the field block and the body are cut into
     * @param padding of each DATA frame
     */
    record Request(
            String method,
            String path,
            List<String> fields,
            byte[] body,
            boolean length,
            boolean trailers,
            List<Integer> representations,
            List<Integer> cuts,
            int padding) {

        byte[] written(int streamId) {
            List<String> all = new ArrayList<>(
                    List.of(":method", method, ":scheme", "http", ":path", path, ":authority", "a.example"));
            all.addAll(fields);
            if (length) {
                all.addAll(List.of("content-length", String.valueOf(body.length)));
            }
            List<byte[]> frames = new ArrayList<>();
            boolean hasData = body.length > 0;
            section(frames, streamId, block(all), !hasData && !trailers);
            if (hasData) {
                data(frames, streamId);
            }
            if (trailers) {
                section(frames, streamId, block(List.of("sum", "1")), true);
            }
            return ClientFrames.concat(frames.toArray(byte[][]::new));
        }

        private void section(List<byte[]> frames, int streamId, byte[] block, boolean end) {
            int at = 0;
            for (int i = 0; i == 0 || at < block.length; i++) {
                int size = Math.min(cuts.get(i % cuts.size()), block.length - at);
                boolean last = at + size == block.length;
                int flags = (last ? END_HEADERS : 0) | (i == 0 && end ? END_STREAM : 0);
                byte[] piece = Arrays.copyOfRange(block, at, at + size);
                frames.add(Http2Invariants.frame(i == 0 ? 1 : 9, flags, streamId, piece));
                at += size;
            }
        }

        private void data(List<byte[]> frames, int streamId) {
            int at = 0;
            for (int i = 0; at < body.length; i++) {
                int size = Math.min(cuts.get(i % cuts.size()), body.length - at);
                boolean last = at + size == body.length && !trailers;
                byte[] piece = ClientFrames.concat(
                        new byte[] {(byte) padding}, Arrays.copyOfRange(body, at, at + size), new byte[padding]);
                frames.add(Http2Invariants.frame(0, PADDED | (last ? END_STREAM : 0), streamId, piece));
                at += size;
            }
        }

        private byte[] block(List<String> names) {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            for (int i = 0; i < names.size(); i += 2) {
                block.write(representations.get(i / 2 % representations.size()));
                string(block, names.get(i));
                string(block, names.get(i + 1));
            }
            return block.toByteArray();
        }

        private static void string(ByteArrayOutputStream block, String text) {
            byte[] octets = text.getBytes(ISO_8859_1);
            assertThat(octets).hasSizeLessThan(127);
            block.write(octets.length);
            block.write(octets, 0, octets.length);
        }
    }

    private static byte[] written(List<Request> requests) {
        byte[][] all = new byte[requests.size()][];
        for (int i = 0; i < all.length; i++) {
            all[i] = requests.get(i).written(2 * i + 1);
        }
        return ClientFrames.concat(all);
    }

    @Property
    void eachWellFormedRequestIsAnswered(@ForAll("several") List<Request> requests) {
        assertThat(Http2Invariants.check(written(requests)).succeeded()).isEqualTo(requests.size());
    }

    @Property
    void damagedRequestsKeepTheInvariants(
            @ForAll("several") List<Request> requests, @ForAll("damages") List<Damage> damages) {
        Http2Invariants.check(Damage.all(damages, written(requests)));
    }

    @Property
    void whateverComesKeepsTheInvariants(@ForAll byte[] octets) {
        Http2Invariants.check(octets);
        Http2Invariants.checkShort(octets);
    }

    @Property
    void whateverComesAsFieldsKeepsTheInvariants(@ForAll("blocks") byte[] block) {
        Http2Invariants.check(Http2Invariants.frame(1, END_HEADERS | END_STREAM, 1, block));
    }

    @Provide
    Arbitrary<byte[]> blocks() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
    }

    @Provide
    Arbitrary<List<Request>> several() {
        return requests().list().ofMinSize(1).ofMaxSize(4);
    }

    private static Arbitrary<Request> requests() {
        Arbitrary<String> path = Arbitraries.strings()
                .withChars("abc/.-_~:@!$&'()*+,;=?0123456789")
                .ofMaxLength(40)
                .map(rest -> "/" + rest);
        Arbitrary<byte[]> body = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        Arbitrary<List<Integer>> representations =
                Arbitraries.of(0x00, 0x10, 0x40).list().ofMinSize(1).ofMaxSize(5);
        // Not so small that the pieces of a block are more than may follow one HEADERS frame.
        Arbitrary<List<Integer>> cuts =
                Arbitraries.integers().between(20, 200).list().ofMinSize(1).ofMaxSize(4);
        return Combinators.combine(
                        Arbitraries.of("GET", "POST", "PUT", "OPTIONS"),
                        path,
                        fields(),
                        body,
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        representations,
                        cuts)
                .flatAs((method, target, fields, octets, length, trailers, how, pieces) -> Arbitraries.integers()
                        .between(0, 5)
                        .map(padding ->
                                new Request(method, target, fields, octets, length, trailers, how, pieces, padding)));
    }

    private static Arbitrary<List<String>> fields() {
        Arbitrary<String> name = Arbitraries.strings()
                .withChars("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")
                .ofMinLength(1)
                .ofMaxLength(12)
                .map(rest -> "x-" + rest);
        Arbitrary<String> value = Arbitraries.strings()
                .withCharRange('!', '~')
                .withCharRange('\u0080', '\u00ff')
                .ofMaxLength(15);
        // All of them stay below the limits of the connection.
        return Combinators.combine(name, value).as(List::of).list().ofMaxSize(3).map(fields -> fields.stream()
                .flatMap(List::stream)
                .toList());
    }

    @Provide
    Arbitrary<List<Damage>> damages() {
        return Damage.some();
    }
}
