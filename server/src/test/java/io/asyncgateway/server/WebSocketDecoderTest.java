package io.asyncgateway.server;

import static io.asyncgateway.server.ClientFrames.binary;
import static io.asyncgateway.server.ClientFrames.close;
import static io.asyncgateway.server.ClientFrames.concat;
import static io.asyncgateway.server.ClientFrames.continuation;
import static io.asyncgateway.server.ClientFrames.frame;
import static io.asyncgateway.server.ClientFrames.hex;
import static io.asyncgateway.server.ClientFrames.ping;
import static io.asyncgateway.server.ClientFrames.pong;
import static io.asyncgateway.server.ClientFrames.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.WebSocketMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The invariant: the same octets give the same events, whole, octet by octet, and in any pieces. */
class WebSocketDecoderTest {
    private static final int LIMIT = 1 << 20;
    private static final byte[] KOSME = hex("cebae1bdb9cf83cebcceb5");

    // ---- what is right

    static Stream<Arguments> messages() {
        return Stream.of(
                row("RFC 6455 5.7: a masked text of one frame", hex("8185 37fa213d 7f9f4d5158"), "text:Hello"),
                row("an empty text", text("").bytes(), "text:"),
                row("an empty binary", binary(new byte[0]).bytes(), "binary:0"),
                row("125 octets", binary(filled(125)).bytes(), "binary:125"),
                row("126 octets", binary(filled(126)).bytes(), "binary:126"),
                row("65535 octets", binary(filled(65535)).bytes(), "binary:65535"),
                row("65536 octets", binary(filled(65536)).bytes(), "binary:65536"),
                row("the limit", binary(filled(LIMIT)).bytes(), "binary:" + LIMIT),
                row("a key of zeros", text("hello").key(0, 0, 0, 0).bytes(), "text:hello"),
                row("two fragments", concat(text("Hel").more(), continuation("lo")), "text:Hello"),
                row(
                        "empty fragments around",
                        concat(text("").more(), continuation("mid").more(), continuation("")),
                        "text:mid"),
                row(
                        "three empty fragments",
                        concat(text("").more(), continuation("").more(), continuation("")),
                        "text:"),
                row(
                        "a ping between fragments",
                        concat(text("Hel").more(), ping("p"), continuation("lo")),
                        "ping:p",
                        "text:Hello"),
                row("RFC 6455 5.7: a ping", ping("Hello").bytes(), "ping:Hello"),
                row("a ping of 125 octets", frame(9, filled(125)).bytes(), "ping:" + "x".repeat(125)),
                row("an empty ping", ping("").bytes(), "ping:"),
                row("a pong nobody asked for", concat(pong("x"), text("a")), "pong", "text:a"),
                row(
                        "one after another",
                        concat(text("a"), binary(filled(3)), text("b")),
                        "text:a",
                        "binary:3",
                        "text:b"),
                row(
                        "a character cut by fragments",
                        concat(text(hex("ce")).more(), continuation(hex("ba"))),
                        "text:\u03ba"),
                row(
                        "BOM, NUL and the last character",
                        text("\ufeff\0a\udbff\udfff").bytes(),
                        "text:\ufeff\0a\udbff\udfff"),
                row("a close", close(1000, "").bytes(), "close:1000:"),
                row("a close with a reason", close(4999, "gr\u00fc\u00dfe").bytes(), "close:4999:gr\u00fc\u00dfe"),
                row(
                        "a close with the longest reason",
                        close(1001, "*".repeat(123)).bytes(),
                        "close:1001:" + "*".repeat(123)),
                row("a close without a code", frame(8, new byte[0]).bytes(), "close:1005:"),
                row("a close inside a message", concat(text("a").more(), close(1000, "")), "close:1000:"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void isDecoded(String what, byte[] octets, List<String> events) {
        assertThat(decodeInPieces(octets, octets.length)).isEqualTo(events);
        int piece = octets.length > 5000 ? 997 : 1;
        assertThat(decodeInPieces(octets, piece)).as("pieces of %d", piece).isEqualTo(events);
    }

    // ---- what is wrong

    static Stream<Arguments> violations() {
        List<Arguments> rows = new ArrayList<>();
        for (int rsv = 1; rsv < 8; rsv++) {
            rows.add(row("RSV " + rsv + " on a text", text("x").rsv(rsv).bytes(), "error:1002"));
            rows.add(row("RSV " + rsv + " on a ping", ping("x").rsv(rsv).bytes(), "error:1002"));
        }
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            rows.add(row("opcode " + opcode, concat(text("a"), frame(opcode, new byte[0])), "text:a", "error:1002"));
        }
        for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
            rows.add(row("close code " + code, close(code, "").bytes(), "error:1002"));
        }
        for (String bad : "80 bf c0 c080 e08080 eda080 edbfbf f4908080 f88080 fe ff e282 efbf f0a4ad".split(" ", -1)) {
            rows.add(row("text " + bad, text(hex(bad)).bytes(), "error:1007"));
        }
        rows.addAll(List.of(
                row("a text that is not masked", text("x").unmasked().bytes(), "error:1002"),
                row("a ping that is not masked", ping("x").unmasked().bytes(), "error:1002"),
                row(
                        "an unmasked continuation",
                        concat(text("a").more(), continuation("b").unmasked()),
                        "error:1002"),
                row("a ping of 126 octets", frame(9, filled(126)).bytes(), "error:1002"),
                row("a ping with a length of 16 bits", ping("x").lengthForm(126).bytes(), "error:1002"),
                row("a close of 126 octets", close(1000, "*".repeat(124)).bytes(), "error:1002"),
                row("a fragmented ping", ping("x").more().bytes(), "error:1002"),
                row("a fragmented close", close(1000, "").more().bytes(), "error:1002"),
                row("a continuation of nothing", continuation("x").bytes(), "error:1002"),
                row("a fragment of nothing", continuation("x").more().bytes(), "error:1002"),
                row(
                        "a continuation after the end",
                        concat(text("a").more(), continuation("b"), continuation("c")),
                        "text:ab",
                        "error:1002"),
                row("a message inside a message", concat(text("a").more(), text("b")), "error:1002"),
                row("16 bits for a length of 5", text("hello").lengthForm(126).bytes(), "error:1002"),
                row("64 bits for a length of 5", text("hello").lengthForm(127).bytes(), "error:1002"),
                row("64 bits for 65535", binary(filled(65535)).lengthForm(127).bytes(), "error:1002"),
                row(
                        "a length with its top bit",
                        binary(new byte[0]).announcing(1L << 63 | 5).bytes(),
                        "error:1002"),
                row("a close of one octet", frame(8, new byte[1]).bytes(), "error:1002"),
                row("a reason that is not UTF-8", frame(8, hex("03e8 eda080")).bytes(), "error:1007"),
                row("a reason that breaks off", frame(8, hex("03e8 c3")).bytes(), "error:1007"),
                row("a fragment that is not UTF-8", concat(text("a").more(), continuation(hex("80"))), "error:1007"),
                row(
                        "2^40 octets, announced",
                        binary(new byte[0]).announcing(1L << 40).bytes(),
                        "error:1009"),
                row(
                        "one octet too many, announced",
                        binary(new byte[0]).announcing(LIMIT + 1).bytes(),
                        "error:1009"),
                row(
                        "fragments too big together",
                        concat(binary(filled(LIMIT)).more(), continuation(new byte[1])),
                        "error:1009")));
        return rows.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void isRefused(String what, byte[] octets, List<String> events) {
        assertThat(decodeInPieces(octets, octets.length)).isEqualTo(events);
        int piece = octets.length > 5000 ? 997 : 1;
        assertThat(decodeInPieces(octets, piece)).as("pieces of %d", piece).isEqualTo(events);
    }

    @Test
    void textIsRefusedAtItsFirstWrongOctetInTheMiddleOfAFrame() {
        byte[] whole =
                text(concat(KOSME, hex("f4 90 8080"), "edited".getBytes(UTF_8))).bytes();
        int header = 6;
        Peer peer = new Peer();
        peer.receive(Arrays.copyOf(whole, header + KOSME.length + 1));
        assertThat(peer.events).isEmpty();
        peer.receive(whole[header + KOSME.length + 1]);
        assertThat(peer.events).containsExactly("error:1007");
    }

    @Test
    void textIsRefusedAtItsFirstWrongOctetInAFragment() {
        Peer peer = new Peer();
        peer.receive(text(concat(KOSME, hex("f4"))).more().bytes());
        assertThat(peer.events).isEmpty();
        peer.receive(continuation(hex("90")).more().bytes());
        assertThat(peer.events).containsExactly("error:1007");
    }

    @Test
    void aHeaderIsRefusedBeforeItsPayload() {
        Peer peer = new Peer();
        peer.receive(Arrays.copyOf(binary(new byte[0]).announcing(LIMIT + 1).bytes(), 10));
        assertThat(peer.events).containsExactly("error:1009");
    }

    @Test
    void theLimitOfAFrameIsItsOwn() {
        Peer peer = new Peer(new WebSocketDecoder(1000, LIMIT, null));
        peer.receive(concat(binary(filled(1000)).more(), continuation(filled(1000))));
        peer.receive(binary(filled(1001)).bytes());
        assertThat(peer.events).containsExactly("binary:2000", "error:1009");
    }

    @Test
    void emptyFragmentsWithoutEndAreCut() {
        Peer peer = new Peer();
        peer.receive(text("").more().bytes());
        for (int i = 1; i < WebSocketDecoder.MAX_EMPTY_FRAGMENTS; i++) {
            peer.receive(continuation("").more().bytes());
        }
        assertThat(peer.events).isEmpty();
        peer.receive(continuation("").more().bytes());
        assertThat(peer.events).containsExactly("error:1008");
    }

    @Test
    void manySmallFragmentsAreOneMessage() {
        Peer peer = new Peer();
        for (int i = 0; i < 20_000; i++) {
            ClientFrames fragment = frame(i == 0 ? 2 : 0, new byte[] {'x'});
            peer.receive(i < 19_999 ? fragment.more().bytes() : fragment.bytes());
        }
        assertThat(peer.events).containsExactly("binary:20000");
    }

    // ---- pulling

    @Test
    void withoutDemandAMessageStaysInTheBufferUntouched() throws Exception {
        WebSocketDecoder decoder = new WebSocketDecoder(LIMIT, LIMIT, null);
        ByteBuf in = Unpooled.wrappedBuffer(concat(text("a"), ping("p")));
        int before = in.readableBytes();
        assertThat(decoder.decode(in, false)).isEqualTo(WebSocketDecoder.Result.MESSAGE_WAITS);
        assertThat(in.readableBytes()).isEqualTo(before);
        assertThat(decoder.decode(in, true)).isEqualTo(WebSocketDecoder.Result.MESSAGE);
        assertThat(decoder.decode(in, false)).isEqualTo(WebSocketDecoder.Result.PING);
    }

    @Test
    void withoutDemandControlFramesInFrontOfAMessageAreRead() throws Exception {
        WebSocketDecoder decoder = new WebSocketDecoder(LIMIT, LIMIT, null);
        ByteBuf in = Unpooled.wrappedBuffer(concat(ping("p"), pong(""), text("a")));
        assertThat(decoder.decode(in, false)).isEqualTo(WebSocketDecoder.Result.PING);
        assertThat(decoder.decode(in, false)).isEqualTo(WebSocketDecoder.Result.PONG);
        assertThat(decoder.decode(in, false)).isEqualTo(WebSocketDecoder.Result.MESSAGE_WAITS);
    }

    @Test
    void aMessageThatWasBegunIsReadToItsEndWithoutFurtherDemand() throws Exception {
        WebSocketDecoder decoder = new WebSocketDecoder(LIMIT, LIMIT, null);
        ByteBuf in = Unpooled.wrappedBuffer(concat(text("a").more(), continuation("b"), text("c")));
        assertThat(decoder.decode(in.readSlice(7), true)).isEqualTo(WebSocketDecoder.Result.NEED_MORE);
        assertThat(decoder.decode(in, false)).isEqualTo(WebSocketDecoder.Result.MESSAGE);
        assertThat(decoder.decode(in, false)).isEqualTo(WebSocketDecoder.Result.MESSAGE_WAITS);
    }

    // ---- memory

    @Test
    void aMessageOfOneFrameIsAnArrayOfItsOwnSize() throws Exception {
        WebSocketDecoder decoder = new WebSocketDecoder(LIMIT, LIMIT, null);
        decoder.decode(Unpooled.wrappedBuffer(binary(filled(128)).bytes()), true);
        assertThat(decoder.takeMessage().payload().capacity()).isEqualTo(128);
    }

    @Test
    void oneOctetOfALargeFrameHoldsLittleMemory() throws Exception {
        WebSocketAssembly assembly = new WebSocketAssembly(16 << 20);
        assembly.begin(false);
        assembly.appendMasked(Unpooled.wrappedBuffer(new byte[1]), 1, (16 << 20) - 1, true, 0);
        assertThat(assembly.array().length).isLessThanOrEqualTo(4096);
    }

    @Test
    void memoryGrowsWithWhatHasComeAndEndsAtTheSizeOfTheMessage() throws Exception {
        int size = 1_000_000;
        WebSocketAssembly assembly = new WebSocketAssembly(16 << 20);
        assembly.begin(false);
        for (int i = 1; i <= 100; i++) {
            assembly.appendMasked(Unpooled.wrappedBuffer(new byte[10_000]), 10_000, size - 10_000 * i, true, 0);
            assertThat(assembly.array().length).isLessThanOrEqualTo(2 * 10_000 * i);
        }
        assertThat(assembly.array().length).isEqualTo(size);
    }

    // ---- any pieces

    @Test
    void randomFramesGiveTheSameEventsInAnyPieces() {
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            byte[] octets = randomFrames(random);
            List<String> whole = decodeInPieces(octets, octets.length);
            assertThat(decodeInPieces(octets, 1))
                    .as("seed %d, octet by octet", seed)
                    .isEqualTo(whole);
            Peer peer = new Peer();
            for (int from = 0; from < octets.length; ) {
                int to = Math.min(octets.length, from + 1 + random.nextInt(40));
                peer.receive(Arrays.copyOfRange(octets, from, to));
                from = to;
            }
            assertThat(peer.events).as("seed %d, random pieces", seed).isEqualTo(whole);
        }
    }

    /** Mostly right, so that there is something to decode, and then one octet is changed in some. */
    private static byte[] randomFrames(Random random) {
        List<byte[]> frames = new ArrayList<>();
        boolean inMessage = false;
        for (int n = random.nextInt(12); n >= 0; n--) {
            byte[] payload = "K\u00e4se \u20ac \ud83d\ude00 "
                    .repeat(1 + random.nextInt(12))
                    .getBytes(UTF_8);
            ClientFrames next;
            switch (random.nextInt(6)) {
                case 0 -> next = ping("ping" + n);
                case 1 -> next = pong("");
                case 2 -> next = frame(inMessage ? 0 : 2, new byte[random.nextInt(300)]);
                default -> next = frame(inMessage ? 0 : 1, payload);
            }
            boolean data = (next.first() & 8) == 0;
            boolean more = data && random.nextBoolean();
            frames.add(more ? next.more().bytes() : next.bytes());
            inMessage = data ? more : inMessage;
        }
        byte[] octets = concat(frames.toArray(new byte[0][]));
        if (random.nextInt(3) == 0) {
            octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return octets;
    }

    private static List<String> decodeInPieces(byte[] octets, int size) {
        Peer peer = new Peer();
        for (int from = 0; from < octets.length; from += size) {
            peer.receive(Arrays.copyOfRange(octets, from, Math.min(octets.length, from + size)));
        }
        return peer.events;
    }

    /** A decoder with demand without end, its input and what came out, as text. */
    static final class Peer {
        final List<String> events = new ArrayList<>();
        private final WebSocketDecoder decoder;
        private final ByteBuf in = Unpooled.buffer();
        private boolean ended;

        Peer() {
            this(new WebSocketDecoder(LIMIT, LIMIT, null));
        }

        Peer(WebSocketDecoder decoder) {
            this.decoder = decoder;
        }

        void receive(byte... octets) {
            in.writeBytes(octets);
            try {
                while (!ended && step()) {}
            } catch (WebSocketProtocolException e) {
                events.add("error:" + e.code());
                assertThat(e.reason().getBytes(UTF_8).length).isBetween(1, 123);
                ended = true;
            }
            in.discardReadBytes();
        }

        private boolean step() throws WebSocketProtocolException {
            switch (decoder.decode(in, true)) {
                case MESSAGE -> events.add(show(decoder.takeMessage()));
                case PING -> events.add("ping:" + new String(decoder.pingPayload(), ISO_8859_1));
                case PONG -> events.add("pong");
                case CLOSE -> {
                    events.add("close:" + decoder.closeCode() + ":" + decoder.closeReason());
                    ended = true;
                }
                case NEED_MORE -> {
                    return false;
                }
                case MESSAGE_WAITS -> throw new AssertionError("there is demand");
            }
            return true;
        }

        private static String show(WebSocketMessage message) {
            ByteBuffer payload = message.payload();
            return message instanceof WebSocketMessage.Text
                    ? "text:" + UTF_8.decode(payload)
                    : "binary:" + payload.remaining();
        }
    }

    private static byte[] filled(int size) {
        byte[] octets = new byte[size];
        Arrays.fill(octets, (byte) 'x');
        return octets;
    }

    private static Arguments row(String what, byte[] octets, String... events) {
        return Arguments.of(what, octets, List.of(events));
    }
}
