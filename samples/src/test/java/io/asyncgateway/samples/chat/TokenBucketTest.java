package io.asyncgateway.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000;

    private final TokenBucket bucket = new TokenBucket(3, 2, 0);

    @Test
    void allowsABurstAndThenSaysHowLongToWait() {
        assertThat(bucket.take(0)).isZero();
        assertThat(bucket.take(0)).isZero();
        assertThat(bucket.take(0)).isZero();
        assertThat(bucket.take(0)).isEqualTo(SECOND / 2);
        assertThat(bucket.take(SECOND / 4)).isEqualTo(SECOND / 4);
    }

    @Test
    void whoWaitsAsLongAsWasSaidIsServed() {
        for (int i = 0; i < 3; i++) {
            bucket.take(0);
        }
        assertThat(bucket.take(bucket.take(0))).isZero();
        assertThat(bucket.take(SECOND / 2)).isEqualTo(SECOND / 2);
    }

    @Test
    void savesUpNoMoreThanOneBurst() {
        for (int i = 0; i < 3; i++) {
            assertThat(bucket.take(100 * SECOND)).isZero();
        }
        assertThat(bucket.take(100 * SECOND)).isPositive();
    }
}
