package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.State;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What {@link Http1DecoderTest} does not show: the arithmetic, and HTTP/2. */
class PaceTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static Pace pace(int rate) {
        return new Pace(Duration.ofSeconds(30), rate);
    }

    @Test
    void waitingUsesTimeUpAndOctetsBringItBack() {
        Pace pace = pace(10);

        assertThat(pace.waits(0)).isEqualTo(30 * SECOND);
        assertThat(pace.waits(5 * SECOND)).isEqualTo(25 * SECOND);
        pace.came(10 * SECOND, 50);
        assertThat(pace.waits(100 * SECOND)).isEqualTo(25 * SECOND);
        pace.came(126 * SECOND, 5);
        assertThat(pace.waits(126 * SECOND)).isZero();
    }

    @Test
    void thereIsNeverMoreThanTheGap() {
        Pace pace = pace(10);

        pace.came(0, Integer.MAX_VALUE);
        assertThat(pace.waits(0)).isEqualTo(30 * SECOND);
    }

    @Test
    void withoutARateEachOctetBringsEverythingBack() {
        Pace pace = pace(0);

        pace.waits(0);
        pace.came(29 * SECOND, 1);
        assertThat(pace.waits(29 * SECOND)).isEqualTo(30 * SECOND);
    }

    @Test
    void aStreamOfHttp2HasItsOwn() {
        List<Throwable> failures = new ArrayList<>();
        ServerContext context = new ServerContext(
                Applications.http((scope, receive, send) -> Http.collect(scope, receive, 10_000)
                        .doOnError(failures::add)
                        .flatMap(body -> Http.respond(send, 200, "ok"))),
                ServerConfig.defaults(),
                new State());
        MockTicker time = Ticker.newMockTicker();
        EmbeddedChannel channel = EmbeddedChannel.builder()
                .ticker(time)
                .handlers(new Http2Connection(context, true))
                .build();
        write(channel, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
        write(channel, frame(4, 0, 0, new byte[0]));
        // POST http / a
        write(channel, frame(1, 4, 1, new byte[] {(byte) 0x83, (byte) 0x86, (byte) 0x84, 0x41, 1, 'a'}));

        int seconds = 0;
        while (failures.isEmpty() && seconds < 100) {
            write(channel, frame(0, 0, 1, new byte[] {'x'}));
            time.advance(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
            channel.runPendingTasks();
            seconds++;
        }

        // Each second an octet, that is 1/240 s of what is wanted.
        assertThat(seconds).isBetween(30, 31);
        assertThat(failures.get(0)).isInstanceOfSatisfying(RequestException.class, slow -> assertThat(slow.status())
                .isEqualTo(408));
        channel.finishAndReleaseAll();
    }

    private static void write(EmbeddedChannel channel, byte[] octets) {
        channel.writeInbound(Unpooled.wrappedBuffer(octets));
        channel.runPendingTasks();
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        byte[] head = {0, 0, (byte) payload.length, (byte) type, (byte) flags, 0, 0, 0, (byte) stream};
        return ClientFrames.concat(head, payload);
    }
}
