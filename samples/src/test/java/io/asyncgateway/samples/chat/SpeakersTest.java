package io.asyncgateway.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class SpeakersTest {
    private static final SocketAddress HERE = new InetSocketAddress("192.0.2.1", 1);
    private static final SocketAddress THERE = new InetSocketAddress("192.0.2.2", 1);

    private final Speakers speakers = new Speakers();
    private VirtualTimeScheduler time;
    private int users;

    @BeforeEach
    void holdTime() {
        time = VirtualTimeScheduler.getOrSet();
    }

    @AfterEach
    void releaseTime() {
        VirtualTimeScheduler.reset();
    }

    /** A client with a key that it has just made up. */
    private User anew() {
        users++;
        return new User("%016x".formatted(users), "Ada");
    }

    private int saidByNewUsers(@Nullable SocketAddress client, int tries) {
        int said = 0;
        for (int i = 0; i < tries; i++) {
            if (speakers.speak(anew(), client).isZero()) {
                said++;
            }
        }
        return said;
    }

    @Test
    void aNewKeyForEachMessageIsNoWayAroundTheLimit() {
        assertThat(saidByNewUsers(HERE, 1_000)).isEqualTo(Speakers.NETWORK_BURST);
        Duration wait = speakers.speak(anew(), HERE);
        assertThat(wait).isPositive();
        time.advanceTimeBy(wait);
        assertThat(speakers.speak(anew(), HERE)).isZero();
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(saidByNewUsers(HERE, 1_000)).isEqualTo((int) Speakers.NETWORK_PER_SECOND);
    }

    @Test
    void theOthersMaySpeakOnWhereOneNetworkIsTooFast() {
        saidByNewUsers(HERE, 1_000);
        assertThat(speakers.speak(anew(), THERE)).isZero();
    }

    @Test
    void whoIsTooFastCostsTheNeighboursNothing() {
        User fast = anew();
        for (int i = 0; i < 1_000; i++) {
            speakers.speak(fast, HERE);
        }
        assertThat(saidByNewUsers(HERE, 1_000)).isEqualTo(Speakers.NETWORK_BURST - Speakers.BURST);
    }

    @Test
    void whoWaitsForTheNeighboursLosesNothingOfTheirOwn() {
        User patient = anew();
        saidByNewUsers(HERE, 1_000);
        for (int i = 0; i < 100; i++) {
            assertThat(speakers.speak(patient, HERE)).isPositive();
        }
        time.advanceTimeBy(Duration.ofSeconds(10));
        for (int i = 0; i < Speakers.BURST; i++) {
            assertThat(speakers.speak(patient, HERE)).isZero();
        }
    }

    @Test
    void whereTheNetworkIsNotKnownEachUserHasALimitStill() {
        assertThat(saidByNewUsers(null, 1_000)).isEqualTo(1_000);
        User user = anew();
        for (int i = 0; i < Speakers.BURST; i++) {
            assertThat(speakers.speak(user, null)).isZero();
        }
        assertThat(speakers.speak(user, null)).isPositive();
    }
}
