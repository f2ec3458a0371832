package io.asyncgateway.websocket.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a receiver finds missing, from the numbers alone. */
class LossTrackerTest {
    private static final byte[] SENDER = "0123456789abcdef".getBytes(US_ASCII);

    private final AtomicLong now = new AtomicLong(1_000_000);
    private final AtomicLong lost = new AtomicLong();
    private final LossTracker tracker = new LossTracker(now::get, lost::addAndGet);

    private boolean accept(Envelope.Kind kind, long stream, long number, Duration age) {
        byte[] bytes =
                Envelope.encode(kind, SENDER, stream, number, age.toMillis(), null, ByteBuffer.wrap(new byte[] {1}));
        return tracker.accept(Envelope.decode(bytes));
    }

    /** A message of a stream that is older than the subscription. */
    private boolean message(long number) {
        return accept(Envelope.Kind.GROUP, 1, number, Duration.ofHours(1));
    }

    private void mark(long number) {
        assertThat(accept(Envelope.Kind.MARK, 1, number, Duration.ofHours(1))).isFalse();
    }

    @Test
    void nothingIsMissingWhereNumbersFollowEachOther() {
        for (long number : List.of(7L, 8L, 9L)) {
            assertThat(message(number)).isTrue();
        }
        mark(9);
        assertThat(lost).hasValue(0);
    }

    @Test
    void whatIsLeftOutIsCounted() {
        message(1);
        message(5);
        assertThat(lost).hasValue(3);
    }

    @Test
    void aMarkTellsOfLossesThatNothingFollows() {
        message(1);
        mark(4);
        assertThat(lost).hasValue(3);
        assertThat(message(5)).isTrue();
        assertThat(lost).hasValue(3);
    }

    @Test
    void nothingIsDeliveredTwice() {
        message(1);
        message(2);
        assertThat(message(2)).isFalse();
        assertThat(message(1)).isFalse();
    }

    @Test
    void whatComesLateIsDeliveredOnceThoughItWasCounted() {
        message(1);
        message(3);
        assertThat(message(2)).isTrue();
        assertThat(message(2)).isFalse();
        assertThat(lost).hasValue(1);
    }

    @Test
    void ofAStreamThatIsOlderThanTheSubscriptionTheEarlierMessagesAreNotMissed() {
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        accept(Envelope.Kind.GROUP, 2, 50, Duration.ofSeconds(20));
        assertThat(lost).hasValue(0);
    }

    @Test
    void ofAStreamThatBeganAfterTheSubscriptionTheEarlierMessagesAreMissed() {
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        accept(Envelope.Kind.GROUP, 2, 3, Duration.ofSeconds(5));
        assertThat(lost).hasValue(2);
        accept(Envelope.Kind.MARK, 3, 4, Duration.ofSeconds(5));
        assertThat(lost).hasValue(6);
    }

    @Test
    void streamsAreCountedEachForItself() {
        message(1);
        accept(Envelope.Kind.GROUP, 2, 9, Duration.ofHours(1));
        message(2);
        accept(Envelope.Kind.GROUP, 2, 10, Duration.ofHours(1));
        assertThat(lost).hasValue(0);
    }

    @Test
    void whatIsNotOfThisFormatIsNoEnvelope() {
        assertThat(Envelope.decode(new byte[0])).isNull();
        assertThat(Envelope.decode("hello".getBytes(US_ASCII))).isNull();
        assertThat(Envelope.decode(new byte[] {0x10, 1, 2, 3})).isNull();
        byte[] negativeLength = Envelope.encode(Envelope.Kind.DIRECT, SENDER, 1, 1, 1, "n!1", ByteBuffer.allocate(0));
        negativeLength[1 + 16 + 3] = -1;
        assertThat(Envelope.decode(negativeLength)).isNull();
    }

    @Test
    void anEnvelopeComesBackAsItWas() {
        Envelope envelope = Envelope.decode(Envelope.encode(
                Envelope.Kind.DIRECT,
                SENDER,
                300,
                Long.MAX_VALUE,
                1L << 40,
                "node!channel",
                ByteBuffer.wrap("payload".getBytes(US_ASCII))));

        assertThat(envelope.kind()).isEqualTo(Envelope.Kind.DIRECT);
        assertThat(envelope.stream()).isEqualTo(300);
        assertThat(envelope.number()).isEqualTo(Long.MAX_VALUE);
        assertThat(envelope.ageMillis()).isEqualTo(1L << 40);
        assertThat(envelope.channel()).isEqualTo("node!channel");
        assertThat(US_ASCII.decode(envelope.payload()).toString()).isEqualTo("payload");
    }
}
