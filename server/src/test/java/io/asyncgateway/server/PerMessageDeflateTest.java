package io.asyncgateway.server;

import static io.asyncgateway.server.ClientFrames.binary;
import static io.asyncgateway.server.ClientFrames.concat;
import static io.asyncgateway.server.ClientFrames.continuation;
import static io.asyncgateway.server.ClientFrames.frame;
import static io.asyncgateway.server.ClientFrames.hex;
import static io.asyncgateway.server.ClientFrames.ping;
import static io.asyncgateway.server.ClientFrames.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.WebSocketMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PerMessageDeflateTest {
    private static final int LIMIT = 1 << 20;
    private static final String OFFER = "permessage-deflate";
    private static final String FRESH = "; server_no_context_takeover; client_no_context_takeover";

    /** RFC 7692 section 7.2.3.1: "Hello". */
    private static final byte[] HELLO = hex("f248cdc9c90700");

    private final Natives natives = new Natives();
    private final PerMessageDeflate server = natives.server(10);
    private final List<PerMessageDeflateSession> sessions = new ArrayList<>();

    @AfterEach
    void everythingIsEndedOnce() {
        sessions.forEach(PerMessageDeflateSession::close);
        sessions.forEach(PerMessageDeflateSession::close);
        server.releasePool();
        natives.assertAllEndedOnce();
        assertThat(server.freeContexts()).isEqualTo(10);
    }

    // ---- agreeing

    static Stream<Arguments> offers() {
        return Stream.of(
                Arguments.of(OFFER, OFFER),
                Arguments.of("x-foo, " + OFFER, OFFER),
                Arguments.of(OFFER + "; foo=1, " + OFFER, OFFER),
                Arguments.of(OFFER + "; server_max_window_bits=16, " + OFFER + FRESH, OFFER + FRESH),
                Arguments.of(OFFER + FRESH + ", " + OFFER, OFFER + FRESH),
                Arguments.of(
                        OFFER + "; server_max_window_bits=9",
                        OFFER + "; server_no_context_takeover; server_max_window_bits=9"),
                Arguments.of(OFFER + "; client_max_window_bits=9", OFFER + "; client_max_window_bits=9"));
    }

    @ParameterizedTest
    @MethodSource("offers")
    void theFirstAcceptableOfferIsAgreedOn(String offers, String answer) {
        assertThat(agree(offers).parameters().answer()).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x-foo", OFFER + "; foo", OFFER + "; server_max_window_bits"})
    void withoutAnAcceptableOfferThereIsNoCompression(String offers) {
        assertThat(server.agree(WebSocketExtension.parse(List.of(offers)))).isNull();
    }

    @Test
    void pastTheNumberOfContextsConnectionsAgreeOnNone() {
        List<PerMessageDeflateSession> keepers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            keepers.add(agree(OFFER));
        }
        assertThat(agree(OFFER).parameters().answer()).isEqualTo(OFFER + FRESH);
        keepers.get(3).close();
        assertThat(agree(OFFER).parameters().answer()).isEqualTo(OFFER);
        assertThat(agree(OFFER).parameters().answer()).isEqualTo(OFFER + FRESH);
    }

    @Test
    void aConnectionWithoutContextTakesNoneOfTheirNumber() {
        agree(OFFER + FRESH);
        assertThat(server.freeContexts()).isEqualTo(10);
        agree(OFFER + "; server_no_context_takeover");
        assertThat(server.freeContexts()).isEqualTo(9);
    }

    // ---- inflating

    static Stream<Arguments> compressed() {
        return Stream.of(
                row("7.2.3.1: one block", text(HELLO).rsv(4).bytes(), "text:Hello"),
                row(
                        "7.2.3.1: two fragments",
                        concat(text(hex("f248cd")).rsv(4).more(), continuation(hex("c9c90700"))),
                        "text:Hello"),
                row(
                        "7.2.3.3: a block without compression",
                        text(hex("000500faff48656c6c6f00")).rsv(4).bytes(),
                        "text:Hello"),
                row(
                        "7.2.3.4: a block with BFINAL",
                        text(hex("f348cdc9c9070000")).rsv(4).bytes(),
                        "text:Hello"),
                row(
                        "a block with BFINAL and no padding",
                        text(hex("f348cdc9c90700")).rsv(4).bytes(),
                        "text:Hello"),
                row(
                        "two streams in a message",
                        text(hex("f348cdc9c90700 f348cdc9c9070000")).rsv(4).bytes(),
                        "text:HelloHello"),
                row(
                        "7.2.3.5: two blocks",
                        text(hex("f248050000 00ffffcac9c90700")).rsv(4).bytes(),
                        "text:Hello"),
                row("7.2.3.6: an empty message", text(hex("00")).rsv(4).bytes(), "text:"),
                row("no octets at all", text("").rsv(4).bytes(), "text:"),
                row("a message that is not compressed", text("plain").bytes(), "text:plain"),
                row(
                        "a ping between fragments",
                        concat(text(hex("f248cd")).rsv(4).more(), ping("p"), continuation(hex("c9c90700"))),
                        "ping:p",
                        "text:Hello"),
                row(
                        "empty fragments around",
                        concat(text("").rsv(4).more(), continuation(HELLO).more(), continuation("")),
                        "text:Hello"),
                row(
                        "after a message with BFINAL",
                        concat(text(hex("f348cdc9c9070000")).rsv(4), text(HELLO).rsv(4)),
                        "text:Hello",
                        "text:Hello"),
                row(
                        "RSV1 on a continuation",
                        concat(text(HELLO).rsv(4).more(), continuation("").rsv(4)),
                        "error:1002"),
                row("RSV1 on a ping", ping("x").rsv(4).bytes(), "error:1002"),
                row("RSV1 and RSV2", text(HELLO).rsv(6).bytes(), "error:1002"),
                row("garbage", text(hex("ffffffffff")).rsv(4).bytes(), "error:1007"),
                row("a reserved block type", binary(hex("060000")).rsv(4).bytes(), "error:1007"),
                row(
                        "a distance before the window",
                        binary(hex("02020000")).rsv(4).bytes(),
                        "error:1007"),
                row(
                        "a block that breaks off",
                        binary(hex("000a00f5ff6162")).rsv(4).bytes(),
                        "error:1007"),
                row("a code that breaks off", text(hex("f248cd")).rsv(4).bytes(), "error:1007"),
                row(
                        "text that is not UTF-8",
                        text(deflate(hex("61eda080"))).rsv(4).bytes(),
                        "error:1007"),
                row("text that breaks off", text(deflate(hex("61c3"))).rsv(4).bytes(), "error:1007"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("compressed")
    void isInflated(String what, byte[] octets, List<String> events) {
        for (String offer : List.of(OFFER, OFFER + FRESH)) {
            for (int piece : new int[] {octets.length, 1}) {
                WebSocketDecoderTest.Peer peer = peer(agree(offer));
                for (int from = 0; from < octets.length; from += piece) {
                    peer.receive(Arrays.copyOfRange(octets, from, from + piece));
                }
                assertThat(peer.events).as("%s, pieces of %d", offer, piece).isEqualTo(events);
            }
        }
    }

    @Test
    void theWindowOfTheLastMessageIsUsedWithContextTakeover() {
        byte[] again = text(hex("f200110000")).rsv(4).bytes();
        WebSocketDecoderTest.Peer keeps = peer(agree(OFFER));
        keeps.receive(concat(text(HELLO).rsv(4).bytes(), again));
        assertThat(keeps.events).containsExactly("text:Hello", "text:Hello");

        WebSocketDecoderTest.Peer fresh = peer(agree(OFFER + "; client_no_context_takeover"));
        fresh.receive(concat(text(HELLO).rsv(4).bytes(), again));
        assertThat(fresh.events).containsExactly("text:Hello", "error:1007");
    }

    @Test
    void theWindowOutlivesABlockWithBfinal() {
        WebSocketDecoderTest.Peer peer = peer(agree(OFFER));
        peer.receive(concat(
                text(hex("f348cdc9c9070000")).rsv(4), text(hex("f200110000")).rsv(4)));
        assertThat(peer.events).containsExactly("text:Hello", "text:Hello");
    }

    @Test
    void inflatingStopsAtTheLimitOfTheMessage() {
        WebSocketDecoderTest.Peer peer = peer(agree(OFFER));
        peer.receive(binary(deflate(new byte[LIMIT])).rsv(4).bytes());
        assertThat(peer.events).containsExactly("binary:" + LIMIT);
        peer.receive(binary(deflate(new byte[LIMIT + 1])).rsv(4).bytes());
        assertThat(peer.events).containsExactly("binary:" + LIMIT, "error:1009");
    }

    @Test
    void aBombHoldsNoMoreThanTheLimit() throws Exception {
        WebSocketAssembly assembly = new WebSocketAssembly(65_536);
        PerMessageDeflateReader reader = agree(OFFER).reader();
        assembly.begin(false);
        ByteBuf bomb = io.netty.buffer.Unpooled.wrappedBuffer(deflate(new byte[50_000_000]));
        try {
            reader.inflateMasked(bomb, bomb.readableBytes(), 0, assembly);
        } catch (WebSocketProtocolException e) {
            assertThat(e.code()).isEqualTo(1009);
        }
        assertThat(assembly.length()).isEqualTo(65_537);
        assertThat(assembly.array().length).isEqualTo(65_537);
    }

    // ---- deflating

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "; server_no_context_takeover",
                "; server_max_window_bits=15",
                "; server_max_window_bits=12",
                "; server_max_window_bits=9",
                "; server_max_window_bits=8"
            })
    void whatTheServerSendsIsWhatTheClientInflates(String parameters) throws Exception {
        PerMessageDeflateSession session = agree(OFFER + parameters);
        Client client = new Client(session);
        Random random = new Random(1);
        for (int size : new int[] {1, 5, 63, 64, 255, 256, 257, 1000, 32_767, 32_768, 32_769, 65_536, 300_000}) {
            for (byte[] payload : List.of(words(random, size), noise(random, size), repeated(random, size))) {
                assertThat(client.receive(WebSocketMessage.binary(ByteBuffer.wrap(payload))))
                        .isEqualTo(payload);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 12, 14})
    void noReferenceGoesFurtherBackThanTheAgreedWindow(int bits) throws Exception {
        int window = 1 << bits;
        // The second half repeats the first at a distance of just over the window: a reference that a careless
        // compressor makes.
        byte[] start = letters(new Random(1), window - 10);
        byte[] payload = concat(start, letters(new Random(2), 20), start);
        assertThat(longestDistance(OFFER, payload)).isGreaterThan(window);
        assertThat(longestDistance(OFFER + "; server_max_window_bits=" + bits, payload))
                .isBetween(1, window);
    }

    private int longestDistance(String offer, byte[] payload) throws Exception {
        Client client = new Client(agree(offer));
        assertThat(client.receive(WebSocketMessage.binary(ByteBuffer.wrap(payload))))
                .isEqualTo(payload);
        assertThat(client.rsv1).isTrue();
        return DeflateDistances.longest(client.payloads.get(0));
    }

    @Test
    void withContextTakeoverARepeatedMessageIsShort() throws Exception {
        byte[] payload = words(new Random(1), 500);
        assertThat(sizesOfTwo(OFFER, payload))
                .satisfies(sizes -> assertThat(sizes[1]).isLessThan(sizes[0] / 4));
        assertThat(sizesOfTwo(OFFER + "; server_no_context_takeover", payload))
                .satisfies(sizes -> assertThat(sizes[1]).isEqualTo(sizes[0]));
    }

    @Test
    void whatDoesNotGetSmallerGoesAsItIs() throws Exception {
        for (String offer : List.of(OFFER, OFFER + FRESH)) {
            Client client = new Client(agree(offer));
            byte[] noise = noise(new Random(1), 100_000);
            byte[] words = words(new Random(1), 1000);
            assertThat(client.receive(WebSocketMessage.binary(ByteBuffer.wrap(words))))
                    .isEqualTo(words);
            assertThat(client.rsv1).isTrue();
            assertThat(client.receive(WebSocketMessage.binary(ByteBuffer.wrap(noise))))
                    .isEqualTo(noise);
            assertThat(client.rsv1).isFalse();
            assertThat(client.frames).isEqualTo(1);
            assertThat(client.receive(WebSocketMessage.binary(ByteBuffer.wrap(words))))
                    .isEqualTo(words);
            assertThat(client.rsv1).isTrue();
        }
    }

    @Test
    void belowTheThresholdNothingIsCompressed() throws Exception {
        Client client = new Client(agree(OFFER), 64);
        client.receive(WebSocketMessage.text("a".repeat(63)));
        assertThat(client.rsv1).isFalse();
        client.receive(WebSocketMessage.text("a".repeat(64)));
        assertThat(client.rsv1).isTrue();
    }

    @Test
    void anEmptyMessageIsNeverCompressed() throws Exception {
        Client client = new Client(agree(OFFER), 0);
        assertThat(client.receive(WebSocketMessage.text(""))).isEmpty();
        assertThat(client.rsv1).isFalse();
    }

    @Test
    void aLargeMessageIsFragmentedAndControlFramesMayComeBetween() {
        WebSocketEncoder encoder = new WebSocketEncoder(agree(OFFER).writer(), 0);
        ByteBuf out = ByteBufAllocator.DEFAULT.buffer();
        WebSocketMessage message = WebSocketMessage.text("ab".repeat(100_000));
        assertThat(begin(encoder, message, out)).isFalse();
        assertThat(encoder.betweenFrames()).isTrue();
        assertThat(out.getByte(0)).isEqualTo((byte) 0x41);
        out.clear();
        assertThat(encoder.resume(out)).isFalse();
        assertThat(out.getByte(0)).isEqualTo((byte) 0x00);
        boolean complete = false;
        while (!complete) {
            out.clear();
            complete = encoder.resume(out);
        }
        assertThat(out.getByte(0)).isEqualTo((byte) 0x80);
        out.release();
    }

    // ---- memory

    @Test
    void nothingIsAllocatedBeforeTheFirstCompressedMessage() {
        WebSocketDecoderTest.Peer peer = peer(agree(OFFER));
        peer.receive(text("plain").bytes());
        assertThat(natives.made()).isZero();
    }

    @Test
    void connectionsWithoutContextShareOnePair() throws Exception {
        for (int i = 0; i < 50; i++) {
            PerMessageDeflateSession session = agree(OFFER + FRESH);
            peer(session).receive(text(HELLO).rsv(4).bytes());
            new Client(session).receive(WebSocketMessage.text("a".repeat(100)));
        }
        assertThat(natives.made()).isEqualTo(2);
    }

    @Test
    void fewStayIdleAfterABurst() {
        List<WebSocketDecoderTest.Peer> peers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            WebSocketDecoderTest.Peer peer = peer(agree(OFFER + FRESH));
            peer.receive(text(hex("f248cd")).rsv(4).more().bytes());
            peers.add(peer);
        }
        assertThat(natives.alive()).isEqualTo(20);
        peers.forEach(peer -> peer.receive(continuation(hex("c9c90700")).bytes()));
        assertThat(peers).allSatisfy(peer -> assertThat(peer.events).containsExactly("text:Hello"));
        assertThat(natives.alive()).isEqualTo(PerMessageDeflatePool.MAX_IDLE);
    }

    @Test
    void pastTheNumberOfCompressorsLentMessagesGoUncompressed() {
        ByteBuf out = ByteBufAllocator.DEFAULT.buffer();
        WebSocketMessage large = WebSocketMessage.text("ab".repeat(100_000));
        for (int i = 0; i <= PerMessageDeflatePool.MAX_LENT_DEFLATERS; i++) {
            out.clear();
            begin(new WebSocketEncoder(agree(OFFER + FRESH).writer(), 0), large, out);
            boolean lent = i < PerMessageDeflatePool.MAX_LENT_DEFLATERS;
            assertThat((out.getByte(0) & 0x40) != 0).isEqualTo(lent);
        }
        assertThat(natives.alive()).isEqualTo(PerMessageDeflatePool.MAX_LENT_DEFLATERS);
        sessions.get(0).close();
        out.clear();
        begin(new WebSocketEncoder(agree(OFFER + FRESH).writer(), 0), large, out);
        assertThat(out.getByte(0) & 0x40).isNotZero();
        out.release();
    }

    @Test
    void closingInTheMiddleOfMessagesEndsEverything() {
        for (String offer : List.of(OFFER, OFFER + FRESH)) {
            PerMessageDeflateSession session = agree(offer);
            peer(session).receive(text(hex("f248cd")).rsv(4).more().bytes());
            ByteBuf out = ByteBufAllocator.DEFAULT.buffer();
            begin(new WebSocketEncoder(session.writer(), 0), WebSocketMessage.text("ab".repeat(100_000)), out);
            out.release();
            session.close();
        }
        server.releasePool();
        natives.assertAllEndedOnce();
    }

    @Test
    void corruptDataEndsWithItsConnection() {
        PerMessageDeflateSession session = agree(OFFER + FRESH);
        peer(session).receive(text(hex("ffffffffff")).rsv(4).bytes());
        session.close();
        assertThat(natives.alive()).isZero();
    }

    // ---- helpers

    private PerMessageDeflateSession agree(String offers) {
        PerMessageDeflateSession session = server.agree(WebSocketExtension.parse(List.of(offers)));
        sessions.add(session);
        return session;
    }

    private static WebSocketDecoderTest.Peer peer(PerMessageDeflateSession session) {
        return new WebSocketDecoderTest.Peer(new WebSocketDecoder(16 << 20, LIMIT, session.reader()));
    }

    private int[] sizesOfTwo(String offer, byte[] payload) throws Exception {
        Client client = new Client(agree(offer));
        int[] sizes = new int[2];
        for (int i = 0; i < 2; i++) {
            client.payloads.clear();
            client.receive(WebSocketMessage.binary(ByteBuffer.wrap(payload)));
            sizes[i] = client.payloads.get(0).length;
        }
        return sizes;
    }

    private static boolean begin(WebSocketEncoder encoder, WebSocketMessage message, ByteBuf out) {
        return encoder.begin(message instanceof WebSocketMessage.Text, message.payload(), out);
    }

    private static byte[] deflate(byte[] data) {
        Deflater deflater = new Deflater(6, true);
        deflater.setInput(data);
        byte[] out = new byte[data.length + 100];
        int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, size - 4);
    }

    private static byte[] words(Random random, int size) {
        StringBuilder text = new StringBuilder();
        while (text.length() < size) {
            text.append("word").append(random.nextInt(50)).append(' ');
        }
        return Arrays.copyOf(text.toString().getBytes(UTF_8), size);
    }

    private static byte[] letters(Random random, int size) {
        byte[] letters = noise(random, size);
        for (int i = 0; i < size; i++) {
            letters[i] = (byte) ('a' + (letters[i] & 15));
        }
        return letters;
    }

    private static byte[] noise(Random random, int size) {
        byte[] noise = new byte[size];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] repeated(Random random, int size) {
        byte[] part = noise(random, 600);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        while (whole.size() < size) {
            whole.writeBytes(part);
        }
        return Arrays.copyOf(whole.toByteArray(), size);
    }

    private static Arguments row(String what, byte[] octets, String... events) {
        return Arguments.of(what, octets, List.of(events));
    }

    /** The other end: puts the server's frames together and inflates as RFC 7692 section 7.2.2 has it. */
    private static final class Client {
        final List<byte[]> payloads = new ArrayList<>();
        boolean rsv1;
        int frames;
        private final WebSocketEncoder encoder;
        private final boolean keepsContext;
        private Inflater inflater = new Inflater(true);

        Client(PerMessageDeflateSession session) {
            this(session, 0);
        }

        Client(PerMessageDeflateSession session, int threshold) {
            encoder = new WebSocketEncoder(session.writer(), threshold);
            keepsContext = !session.parameters().serverNoContextTakeover();
        }

        byte[] receive(WebSocketMessage message) throws DataFormatException {
            ByteBuf wire = ByteBufAllocator.DEFAULT.directBuffer();
            boolean complete = begin(encoder, message, wire);
            while (!complete) {
                complete = encoder.resume(wire);
            }
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            frames = 0;
            while (wire.isReadable()) {
                frame(wire, joined);
            }
            wire.release();
            payloads.add(joined.toByteArray());
            return rsv1 ? inflate(joined.toByteArray()) : joined.toByteArray();
        }

        private void frame(ByteBuf wire, ByteArrayOutputStream joined) {
            int first = wire.readUnsignedByte();
            int form = wire.readUnsignedByte();
            int size = form < 126 ? form : form == 126 ? wire.readUnsignedShort() : (int) wire.readLong();
            assertThat(form).isEqualTo(size < 126 ? size : size < 65536 ? 126 : 127);
            if (frames++ == 0) {
                rsv1 = (first & 0x40) != 0;
                assertThat(first & 0x0f).isIn(1, 2);
            } else {
                assertThat(first & 0x7f).isZero();
            }
            joined.writeBytes(ByteBufUtil.getBytes(wire.readSlice(size)));
            assertThat((first & 0x80) != 0).isEqualTo(!wire.isReadable());
        }

        private byte[] inflate(byte[] payload) throws DataFormatException {
            if (!keepsContext) {
                inflater.end();
                inflater = new Inflater(true);
            }
            inflater.setInput(concat(payload, hex("0000ffff")));
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            byte[] piece = new byte[10_000];
            int size = inflater.inflate(piece);
            while (size > 0) {
                data.write(piece, 0, size);
                size = inflater.inflate(piece);
            }
            return data.toByteArray();
        }
    }

    /** Counts what is made and how often each is ended. */
    private static final class Natives {
        private final List<int[]> ends = new ArrayList<>();

        PerMessageDeflate server(int contexts) {
            WebSocketOptions options = WebSocketOptions.defaults().withCompressionContexts(contexts);
            return new PerMessageDeflate(options, this::inflater, this::deflater);
        }

        private Inflater inflater() {
            int[] ended = counter();
            return new Inflater(true) {
                @Override
                public void end() {
                    ended[0]++;
                    super.end();
                }
            };
        }

        private Deflater deflater() {
            int[] ended = counter();
            return new Deflater(6, true) {
                @Override
                public void end() {
                    ended[0]++;
                    super.end();
                }
            };
        }

        private int[] counter() {
            int[] ended = new int[1];
            ends.add(ended);
            return ended;
        }

        int made() {
            return ends.size();
        }

        long alive() {
            return count(times -> times == 0);
        }

        void assertAllEndedOnce() {
            assertThat(count(times -> times == 1)).isEqualTo(made());
        }

        private long count(IntPredicate times) {
            return ends.stream().filter(ended -> times.test(ended[0])).count();
        }
    }
}
