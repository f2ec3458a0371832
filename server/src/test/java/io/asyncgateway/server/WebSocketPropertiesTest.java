package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Properties of everything that reads WebSocket frames, right ones and damaged ones. */
class WebSocketPropertiesTest {
    /** A message, and the sizes of the fragments that it is cut into. */
    record Message(boolean text, byte[] payload, List<Integer> fragments, boolean ping) {
        byte[] written() {
            List<byte[]> frames = new ArrayList<>();
            int at = 0;
            for (int fragment : fragments) {
                int length = Math.min(fragment, payload.length - at);
                frames.add(frame(at, length, frames.isEmpty()).more().bytes());
                if (ping) {
                    frames.add(ClientFrames.ping("p").bytes());
                }
                at += length;
            }
            frames.add(frame(at, payload.length - at, frames.isEmpty()).bytes());
            return ClientFrames.concat(frames.toArray(new byte[0][]));
        }

        private ClientFrames frame(int from, int length, boolean first) {
            int opcode = first ? text ? 1 : 2 : 0;
            return ClientFrames.frame(opcode, Arrays.copyOfRange(payload, from, from + length));
        }

        /** As the server echoes it, behind the pongs that came between its fragments. */
        String echoed() {
            StringBuilder frames = new StringBuilder();
            for (int i = 0; ping && i < fragments.size(); i++) {
                frames.append("\u008a\u0001p");
            }
            frames.append(text ? '\u0081' : '\u0082');
            if (payload.length < 126) {
                frames.append((char) payload.length);
            } else {
                frames.append((char) 126).append((char) (payload.length >> 8)).append((char) (payload.length & 0xff));
            }
            return frames.append(new String(payload, ISO_8859_1)).toString();
        }
    }

    @Provide
    Arbitrary<Message> messages() {
        Arbitrary<byte[]> text = Arbitraries.strings()
                .all()
                .excludeChars(surrogates())
                .ofMaxLength(100)
                .map(s -> s.getBytes(UTF_8));
        Arbitrary<byte[]> binary = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        Arbitrary<List<Integer>> fragments =
                Arbitraries.integers().between(0, 50).list().ofMaxSize(4);
        return Arbitraries.of(true, false)
                .flatMap(isText -> Combinators.combine(isText ? text : binary, fragments, Arbitraries.of(true, false))
                        .as((payload, cut, ping) -> new Message(isText, payload, cut, ping)));
    }

    private static char[] surrogates() {
        char[] all = new char[Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1];
        for (int i = 0; i < all.length; i++) {
            all[i] = (char) (Character.MIN_SURROGATE + i);
        }
        return all;
    }

    private static byte[] written(List<Message> messages) {
        return ClientFrames.concat(messages.stream().map(Message::written).toArray(byte[][]::new));
    }

    @Property
    void messagesAreTheSameHoweverTheyAreFragmentedAndHoweverTheyArrive(@ForAll("several") List<Message> messages) {
        String answers = FuzzedConnection.check(ClientFrames.concat(WebSocketBench.requestOctets(), written(messages)));

        StringBuilder echoes = new StringBuilder();
        messages.forEach(message -> echoes.append(message.echoed()));
        assertThat(answers).startsWith("HTTP/1.1 101 ");
        assertThat(answers.substring(answers.indexOf("\r\n\r\n") + 4)).startsWith(echoes);
    }

    @Provide
    Arbitrary<List<Message>> several() {
        return messages().list().ofMaxSize(5);
    }

    @Property
    void damagedFramesKeepTheInvariants(
            @ForAll("several") List<Message> messages, @ForAll("damages") List<Damage> damages) {
        WebSocketInvariants.check(Damage.all(damages, written(messages)));
    }

    @Property
    void compressedFramesKeepTheInvariantsWhateverTheyInflateTo(@ForAll("payloads") byte[] payload) {
        WebSocketInvariants.check(ClientFrames.frame(1, payload).rsv(4).bytes());
        WebSocketInvariants.check(ClientFrames.frame(2, payload).rsv(4).bytes());
    }

    @Provide
    Arbitrary<byte[]> payloads() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
    }

    @Property
    void whateverComesKeepsTheInvariants(@ForAll byte[] octets) {
        WebSocketInvariants.check(octets);
    }

    @Provide
    Arbitrary<List<Damage>> damages() {
        return Damage.some();
    }
}
