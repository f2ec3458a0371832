package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WebSocketMaskTest {
    private static final byte[] KEY = {0x12, (byte) 0xAB, 0x00, (byte) 0xFF};
    private static final int KEY_AS_INT = 0xFF00AB12;

    @Test
    void eachOctetIsCombinedWithTheOctetOfTheKeyAtItsPlace() {
        Random random = new Random(1);
        for (int length = 0; length < 70; length++) {
            for (int from = 0; from < 9; from++) {
                byte[] original = new byte[length + from + 3];
                random.nextBytes(original);
                byte[] masked = original.clone();
                WebSocketMask.apply(masked, from, from + length, KEY_AS_INT);
                for (int i = 0; i < original.length; i++) {
                    boolean inside = i >= from && i < from + length;
                    assertThat(masked[i]).isEqualTo((byte) (inside ? original[i] ^ KEY[(i - from) & 3] : original[i]));
                }
            }
        }
    }

    @Test
    void theReturnedKeyGoesOnWhereTheRangeEnded() {
        byte[] whole = new byte[40];
        WebSocketMask.apply(whole, 0, 40, KEY_AS_INT);
        for (int cut = 0; cut <= 40; cut++) {
            byte[] pieces = new byte[40];
            int key = WebSocketMask.apply(pieces, 0, cut, KEY_AS_INT);
            WebSocketMask.apply(pieces, cut, 40, key);
            assertThat(pieces).isEqualTo(whole);
        }
    }
}
