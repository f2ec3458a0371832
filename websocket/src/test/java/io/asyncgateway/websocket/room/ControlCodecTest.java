package io.asyncgateway.websocket.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.websocket.room.ControlMessage.Bye;
import io.asyncgateway.websocket.room.ControlMessage.Change;
import io.asyncgateway.websocket.room.ControlMessage.Changes;
import io.asyncgateway.websocket.room.ControlMessage.Digest;
import io.asyncgateway.websocket.room.ControlMessage.Hello;
import io.asyncgateway.websocket.room.ControlMessage.Resync;
import io.asyncgateway.websocket.room.ControlMessage.RoomVersion;
import io.asyncgateway.websocket.room.ControlMessage.Snapshot;
import io.asyncgateway.websocket.room.ControlMessage.SnapshotRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlCodecTest {
    static List<ControlMessage> messages() {
        MemberInfo ada = new MemberInfo("n.1", "Ada ✓", "{\"a\":1}");
        MemberInfo longest = new MemberInfo("n.2", "x".repeat(256), "ä".repeat(2048));
        return List.of(
                new Changes("n", (7L << 32) + 1, List.of(new Change("n.1", ada), new Change("n.9", null))),
                new Changes("n", 1, List.of()),
                new SnapshotRequest("n", "", "n!1"),
                new Snapshot("n", Long.MAX_VALUE, 1, 2, List.of(ada, longest)),
                new Digest("n", List.of(new RoomVersion("lobby", 4), new RoomVersion("other", 5))),
                new Hello("n"),
                new Resync("n"),
                new Bye("n"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageComesBackAsItWas(ControlMessage message) {
        ByteBuffer octets = ControlCodec.encode(message);
        assertThat(Envelope.isControl(octets)).isTrue();
        assertThat(ControlCodec.decode(octets)).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageThatIsCutOffIsRefused(ControlMessage message) {
        ByteBuffer octets = ControlCodec.encode(message);
        for (int length = 0; length < octets.limit(); length++) {
            ByteBuffer cut = octets.slice(0, length);
            assertThatThrownBy(() -> ControlCodec.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anyOctetsAreReadOrRefused() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = new byte[random.nextInt(60)];
            random.nextBytes(octets);
            if (octets.length > 1) {
                octets[1] = (byte) "cqsdhrb".charAt(random.nextInt(7));
            }
            if (octets.length > 3) {
                octets[2] = 0;
                octets[3] = (byte) random.nextInt(4);
            }
            try {
                ControlCodec.decode(ByteBuffer.wrap(octets));
            } catch (IllegalArgumentException expected) {
                assertThat(expected).hasMessageNotContaining("null");
            }
        }
    }
}
