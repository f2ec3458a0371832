package io.asyncgateway.websocket.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.websocket.history.EntryId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** From which age on entries are too old. */
class AgeLimitTest {
    private final AtomicLong now = new AtomicLong(10_000);

    private AgeLimit limit(Duration maxAge) {
        return new AgeLimit(maxAge, now::get);
    }

    @Test
    void anEntryIsTooOldFromItsAgeOnToTheMillisecond() {
        AgeLimit second = limit(Duration.ofSeconds(1));

        assertThat(second.isExpired(new EntryId(9_001, 0))).isFalse();
        assertThat(second.isExpired(new EntryId(9_000, 7))).isTrue();
        assertThat(second.isExpired(new EntryId(10_500, 0)))
                .as("of a time that is still to come")
                .isFalse();
        now.incrementAndGet();
        assertThat(second.isExpired(new EntryId(9_001, 0))).isTrue();
    }

    @Test
    void aTenthLaterItIsOverdue() {
        AgeLimit second = limit(Duration.ofSeconds(1));

        assertThat(second.overdue().isAfter(new EntryId(8_900, 5))).isTrue();
        assertThat(second.overdue().isAfter(new EntryId(8_901, 0))).isFalse();
    }

    @Test
    void withoutALimitNothingIsTooOld() {
        AgeLimit never = new AgeLimit(null, now::get);

        assertThat(never.isExpired(EntryId.ZERO)).isFalse();
        assertThat(never.expired()).isEqualTo(EntryId.ZERO);
        assertThat(never.overdue()).isEqualTo(EntryId.ZERO);
    }

    @Test
    void aLimitLongerThanTimeItselfIsNone() {
        assertThat(limit(Duration.ofDays(1)).expired()).isEqualTo(EntryId.ZERO);
    }

    @Test
    void anAgeThatMakesNoSenseIsRefused() {
        RedisHistoryOptions options = RedisHistoryOptions.defaults();
        assertThat(options.maxAge()).isNull();
        assertThat(options.withMaxAge(Duration.ofMinutes(10)).withMaxEntries(5).maxAge())
                .isEqualTo(Duration.ofMinutes(10));
        assertThat(options.withMaxAge(Duration.ofMinutes(10)).withMaxAge(null)).isEqualTo(options);
        assertThatThrownBy(() -> options.withMaxAge(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxAge: PT0S (expected: PT0.001S to PT8760H)");
    }
}
