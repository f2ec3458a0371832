package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.asyncgateway.api.WebSocketMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebSocketEncoderTest {
    private final ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer();
    private final WebSocketEncoder encoder = new WebSocketEncoder(null, 0);

    @AfterEach
    void release() {
        out.release();
    }

    @Test
    void aTextIsOneUnmaskedFrame() {
        assertThat(begin(WebSocketMessage.text("Hello"))).isTrue();
        assertThat(hex()).isEqualTo("8105" + "48656c6c6f");
    }

    @Test
    void messagesFollowEachOtherInOneBuffer() {
        begin(WebSocketMessage.text(""));
        begin(WebSocketMessage.binary(ByteBuffer.wrap(new byte[] {1, 2, 3}, 1, 2)));
        assertThat(hex()).isEqualTo("8100" + "82020203");
    }

    @ParameterizedTest
    @CsvSource({
        "125, 827d",
        "126, 827e007e",
        "65535, 827effff",
        "65536, 827f0000000000010000",
        "200000, 827f0000000000030d40"
    })
    void theLengthHasItsShortestForm(int size, String header) {
        writeWhole(WebSocketMessage.binary(ByteBuffer.allocate(size)));
        assertThat(hex()).startsWith(header).hasSize(header.length() + 2 * size);
    }

    @Test
    void aLargeMessageGoesInPiecesAndNoControlFrameMayCutIt() {
        byte[] payload = new byte[3 * WebSocketEncoder.MAX_PIECE - 7];
        new Random(1).nextBytes(payload);
        WebSocketMessage message = WebSocketMessage.binary(ByteBuffer.wrap(payload));

        assertThat(begin(message)).isFalse();
        assertThat(out.readableBytes()).isEqualTo(WebSocketEncoder.MAX_PIECE + WebSocketEncoder.MAX_HEADER);
        assertThat(encoder.betweenFrames()).isFalse();
        assertThat(encoder.resume(out)).isFalse();
        assertThat(encoder.resume(out)).isTrue();
        assertThat(encoder.betweenFrames()).isTrue();

        out.skipBytes(WebSocketEncoder.MAX_HEADER);
        assertThat(ByteBufUtil.getBytes(out)).isEqualTo(payload);
    }

    @Test
    void theMessageOfTheApplicationIsLeftAsItWas() {
        ByteBuffer data = ByteBuffer.allocate(200_000);
        WebSocketMessage message = WebSocketMessage.binary(data);
        writeWhole(message);
        assertThat(data.remaining()).isEqualTo(200_000);
        assertThat(message.payload().remaining()).isEqualTo(200_000);
    }

    @Test
    void aSecondMessageBeforeTheEndOfTheFirstIsAFault() {
        begin(WebSocketMessage.binary(ByteBuffer.allocate(100_000)));
        assertThatIllegalStateException().isThrownBy(() -> begin(WebSocketMessage.text("x")));
        encoder.resume(out);
        assertThatIllegalStateException().isThrownBy(() -> encoder.resume(out));
    }

    @Test
    void controlFramesAreAsInTheRfc() {
        WebSocketEncoder.ping("Hello".getBytes(UTF_8), out);
        WebSocketEncoder.pong("Hello".getBytes(UTF_8), out);
        WebSocketEncoder.close(1000, "", out);
        WebSocketEncoder.close(4000, "\u00fc", out);
        WebSocketEncoder.close(WebSocketCloseCodes.NO_STATUS, "", out);
        assertThat(hex()).isEqualTo("890548656c6c6f" + "8a0548656c6c6f" + "880203e8" + "88040fa0c3bc" + "8800");
    }

    @Test
    void theAnnouncedSizeIsEnough() {
        for (int size : new int[] {0, 125, 126, 65535, 65536, 100_000}) {
            out.clear();
            ByteBuffer payload = ByteBuffer.allocate(size);
            int announced = WebSocketEncoder.sizeOf(payload);
            new WebSocketEncoder(null, 0).begin(false, payload, out);
            assertThat(out.readableBytes()).isLessThanOrEqualTo(announced);
        }
    }

    private boolean begin(WebSocketMessage message) {
        return encoder.begin(message instanceof WebSocketMessage.Text, message.payload(), out);
    }

    private void writeWhole(WebSocketMessage message) {
        boolean complete = begin(message);
        while (!complete) {
            complete = encoder.resume(out);
        }
    }

    private String hex() {
        return HexFormat.of().formatHex(ByteBufUtil.getBytes(out));
    }
}
