package io.asyncgateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Test;

class WebSocketMessageTest {
    @Test
    void aTextIsEncodedOnceHoweverOftenItIsSent() {
        int size = 1 << 20;
        WebSocketMessage message = WebSocketMessage.text("x".repeat(size));
        ByteBuffer first = message.payload();
        var memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

        long before = memory.getCurrentThreadAllocatedBytes();
        ByteBuffer again = first;
        long sizes = 0;
        for (int i = 0; i < 50; i++) {
            sizes += message.size();
            again = message.payload();
        }
        long allocated = memory.getCurrentThreadAllocatedBytes() - before;

        assertThat(again).isEqualTo(first);
        assertThat(sizes).isEqualTo(50L * size);
        assertThat(allocated).as("bytes for 50 views").isLessThan(size);
    }

    @Test
    void whatIsEncodedAlreadyIsSentAsItIs() {
        byte[] octets = "grün".getBytes(UTF_8);
        WebSocketMessage.Text message = WebSocketMessage.utf8(ByteBuffer.wrap(octets));
        ByteBuffer before = message.payload();

        // Nobody may do this: it shows that there is no copy.
        octets[0] = 'G';
        assertThat(before.get(0)).isEqualTo((byte) 'G');
        assertThat(message.payload().get(0)).isEqualTo((byte) 'G');
        assertThat(message.text()).isEqualTo("Grün");
    }

    @Test
    void eachPayloadHasAPositionOfItsOwnAndCannotBeWrittenTo() {
        for (WebSocketMessage message :
                new WebSocketMessage[] {WebSocketMessage.text("abc"), WebSocketMessage.binary(UTF_8.encode("abc"))}) {
            ByteBuffer read = message.payload();
            read.get();
            read.limit(2);

            assertThat(message.payload()).isEqualTo(UTF_8.encode("abc"));
            assertThat(message.size()).isEqualTo(3);
            assertThatThrownBy(() -> read.put(0, (byte) 'x')).isInstanceOf(ReadOnlyBufferException.class);
        }
    }
}
