package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Properties of everything that reads HTTP/3: frames and field sections, right ones and damaged ones. */
class Http3PropertiesTest {
    private static final int TWO_OCTETS = 0x40;

    /**
     * A request as it is written.
     *
     * @param pieces of its body, each in a frame of its own
     * @param grease whether frames that nobody knows stand between
     * @param huge whether numbers are written in more octets than they need
     */
    record Request(String path, List<String> pieces, boolean grease, boolean trailers, boolean huge) {
        byte[] written() {
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            frame(stream, 1, section(":method", "POST", ":scheme", "https", ":path", path, ":authority", "a.example"));
            for (String piece : pieces) {
                if (grease) {
                    frame(stream, 0x21, "what");
                }
                frame(stream, 0, piece);
            }
            if (trailers) {
                frame(stream, 1, section("sum", "1"));
            }
            return stream.toByteArray();
        }

        private void frame(ByteArrayOutputStream stream, int type, String payload) {
            number(stream, type);
            number(stream, payload.length());
            stream.writeBytes(payload.getBytes(ISO_8859_1));
        }

        private void number(ByteArrayOutputStream stream, int value) {
            if (huge || value >= TWO_OCTETS) {
                stream.write(TWO_OCTETS | value >> 8);
            }
            stream.write(value);
        }

        private static String section(String... fields) {
            StringBuilder section = new StringBuilder("\0\0");
            for (int i = 0; i < fields.length; i += 2) {
                name(section, fields[i]);
                section.append((char) fields[i + 1].length()).append(fields[i + 1]);
            }
            return section.toString();
        }

        /** A literal name, whose length has three bits to begin with. */
        private static void name(StringBuilder section, String name) {
            int most = 7;
            if (name.length() < most) {
                section.append((char) (0x20 | name.length()));
            } else {
                section.append((char) (0x20 | most)).append((char) (name.length() - most));
            }
            section.append(name);
        }
    }

    @Property
    void aWellFormedRequestIsUnderstood(@ForAll("requests") Request request) {
        assertThat(Http3Invariants.checkRequest(request.written()))
                .startsWith("head POST " + request.path + " host: a.example;body ")
                .endsWith(";body " + String.join("", request.pieces) + (request.trailers ? ";trailers sum: 1" : "")
                        + ";end");
    }

    @Property
    void aDamagedRequestKeepsTheInvariants(
            @ForAll("requests") Request request, @ForAll("damages") List<Damage> damages) {
        Http3Invariants.checkRequest(Damage.all(damages, request.written()));
    }

    @Property
    void whateverComesKeepsTheInvariants(@ForAll byte[] octets) {
        Http3Invariants.checkRequest(octets);
        Http3Invariants.checkUnidirectional(octets);
    }

    @Property
    void whateverComesAsFieldsKeepsTheInvariants(@ForAll("blocks") byte[] block) {
        byte[] head = {1, (byte) (TWO_OCTETS | block.length >> 8), (byte) block.length};
        Http3Invariants.checkRequest(ClientFrames.concat(head, block));
    }

    @Provide
    Arbitrary<byte[]> blocks() {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofMaxSize(300)
                .map(fields -> ClientFrames.concat(new byte[2], fields));
    }

    @Provide
    Arbitrary<Request> requests() {
        Arbitrary<String> path = Arbitraries.strings()
                .withChars("abc/.-_~:@!$&'()*+,;=?0123456789")
                .ofMaxLength(40)
                .map(rest -> "/" + rest);
        Arbitrary<List<String>> pieces = Arbitraries.strings()
                .withCharRange('\0', '\u00ff')
                .ofMaxLength(100)
                .list()
                .ofMaxSize(5);
        Arbitrary<Boolean> either = Arbitraries.of(true, false);
        return Combinators.combine(path, pieces, either, either, either).as(Request::new);
    }

    @Provide
    Arbitrary<List<Damage>> damages() {
        return Damage.some();
    }
}
