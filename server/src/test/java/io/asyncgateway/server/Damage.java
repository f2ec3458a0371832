package io.asyncgateway.server;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Something that goes wrong with octets on their way, or is done to them.
 *
 * @param kind what
 * @param at where, as a part of the whole
 * @param octet which octet, where one is put in
 */
record Damage(Kind kind, double at, byte octet) {
    enum Kind {
        REPLACE,
        INSERT,
        DELETE,
        REPEAT,
        CUT
    }

    /** One to three; octets that mean something in a protocol come more often. */
    static Arbitrary<List<Damage>> some() {
        Arbitrary<Byte> octet = Arbitraries.oneOf(
                Arbitraries.bytes(),
                Arbitraries.of(
                        "\r\n\0 \t:,;=\"0fF-/[]".chars().mapToObj(c -> (byte) c).toList()));
        return Combinators.combine(
                        Arbitraries.of(Kind.class), Arbitraries.doubles().between(0, 1), octet)
                .as(Damage::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    static byte[] all(List<Damage> damages, byte[] octets) {
        byte[] damaged = octets;
        for (Damage damage : damages) {
            damaged = damage.to(damaged);
        }
        return damaged;
    }

    private byte[] to(byte[] octets) {
        int index = (int) (at * octets.length);
        if (index == octets.length) {
            return ClientFrames.concat(octets, new byte[] {octet});
        }
        byte[] before = Arrays.copyOf(octets, index);
        byte[] from = Arrays.copyOfRange(octets, index, octets.length);
        byte[] behind = Arrays.copyOfRange(octets, index + 1, octets.length);
        byte[] one = {octet};
        return switch (kind) {
            case REPLACE -> ClientFrames.concat(before, one, behind);
            case INSERT -> ClientFrames.concat(before, one, from);
            case DELETE -> ClientFrames.concat(before, behind);
            case REPEAT -> ClientFrames.concat(before, from, from);
            case CUT -> before;
        };
    }
}
