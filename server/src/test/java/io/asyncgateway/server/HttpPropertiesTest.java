package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** Properties of everything that reads HTTP/1: request heads and chunked bodies, right ones and damaged ones. */
class HttpPropertiesTest {
    private static final String TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    // ------------------------------------------------------------------------------------------------ what is right

    /** A chunked body as it came, and how it was written. */
    record Chunked(String body, String written) {}

    @Property
    void aWellFormedRequestIsAnsweredAndTheNextIsToo(
            @ForAll("requests") String first, @ForAll("requests") String second) {
        String answers = FuzzedConnection.check((first + second).getBytes(ISO_8859_1));

        assertThat(answers.split("HTTP/1.1 200 ", -1)).as(answers).hasSize(3);
    }

    @Property
    void aChunkedBodyIsTheSameHoweverItIsCut(@ForAll("chunked") Chunked chunked) {
        String head = "POST /p HTTP/1.1\r\nHost: a\r\n";
        String whole = head + "Content-Length: " + chunked.body.length() + "\r\n\r\n" + chunked.body;
        String cut = head + "Transfer-Encoding: chunked\r\n\r\n" + chunked.written;

        assertThat(FuzzedConnection.check(cut.getBytes(ISO_8859_1)))
                .isEqualTo(FuzzedConnection.check(whole.getBytes(ISO_8859_1)));
    }

    @Provide
    Arbitrary<String> requests() {
        Arbitrary<String> method = Arbitraries.of("GET", "POST", "PUT", "OPTIONS", "DELETE", "M-SEARCH");
        Arbitrary<String> target = Arbitraries.strings()
                .withChars("abc/.-_~:@!$&'()*+,;=?0123456789")
                .ofMaxLength(40)
                .map(rest -> "/" + rest);
        Arbitrary<Chunked> body = chunked();
        return Combinators.combine(
                        method, target, fields(), body, Arbitraries.integers().between(0, 2))
                .as((m, t, f, b, framing) -> m + " " + t + " HTTP/1.1\r\nHost: a\r\n" + f
                        + switch (framing) {
                            case 0 -> "\r\n";
                            case 1 -> "Content-Length: " + b.body.length() + "\r\n\r\n" + b.body;
                            default -> "Transfer-Encoding: chunked\r\n\r\n" + b.written;
                        });
    }

    private Arbitrary<String> fields() {
        Arbitrary<String> name = Arbitraries.strings()
                .withChars(TOKEN)
                .ofMinLength(1)
                .ofMaxLength(12)
                .map(rest -> "X-" + rest);
        Arbitrary<String> value = Arbitraries.strings()
                .withCharRange('!', '~')
                .withCharRange('\u0080', '\u00ff')
                .withChars(" \t")
                .ofMaxLength(30);
        return Combinators.combine(name, value)
                .as((n, v) -> n + ":" + v + "\r\n")
                .list()
                .ofMaxSize(6)
                .map(lines -> String.join("", lines));
    }

    @Provide
    Arbitrary<Chunked> chunked() {
        Arbitrary<String> data = Arbitraries.strings()
                .withCharRange('\0', '\u00ff')
                .ofMinLength(1)
                .ofMaxLength(60);
        Arbitrary<String> extension = Arbitraries.of("", ";a", ";a=b", ";a=\"b \\\" c\"", " ; a = b");
        Arbitrary<Tuple2<String, String>> chunk = Combinators.combine(data, extension, Arbitraries.of("", "0", "00"))
                .as((d, e, zeros) -> Tuple.of(d, zeros + Integer.toHexString(d.length()) + e + "\r\n" + d + "\r\n"));
        Arbitrary<String> trailers = Arbitraries.of("", "Sum: 1\r\n", "A: b\r\nC: d\r\n");
        return Combinators.combine(chunk.list().ofMaxSize(8), trailers)
                .as((chunks, t) -> new Chunked(join(chunks, true), join(chunks, false) + "0\r\n" + t + "\r\n"));
    }

    private static String join(List<Tuple2<String, String>> chunks, boolean bodies) {
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(bodies ? chunk.get1() : chunk.get2()));
        return text.toString();
    }

    // ------------------------------------------------------------------------------------------------ what is wrong

    @Property
    void aDamagedRequestKeepsTheInvariants(
            @ForAll("requests") String first,
            @ForAll("requests") String second,
            @ForAll("damages") List<Damage> damages) {
        HttpInvariants.check(Damage.all(damages, (first + second).getBytes(ISO_8859_1)));
    }

    @Property
    void aDamagedChunkedBodyKeepsTheInvariants(
            @ForAll("chunked") Chunked chunked, @ForAll("damages") List<Damage> damages) {
        HttpInvariants.checkChunked(Damage.all(damages, chunked.written.getBytes(ISO_8859_1)));
    }

    @Property
    void whateverComesKeepsTheInvariants(@ForAll byte[] octets) {
        HttpInvariants.check(octets);
        HttpInvariants.checkChunked(octets);
    }

    @Provide
    Arbitrary<List<Damage>> damages() {
        return Damage.some();
    }
}
