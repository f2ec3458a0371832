package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LazyTimerTest {
    private final MockTicker time = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(time).build();
    private final LazyTimer timer = new LazyTimer(channel.eventLoop(), this::fired);
    private int fired;
    private boolean again;

    private void fired() {
        fired++;
        if (again) {
            again = false;
            timer.set(10);
        }
    }

    private int firedAfter(long nanos) {
        time.advance(nanos, java.util.concurrent.TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        return fired;
    }

    @AfterEach
    void nothingIsLeftAfterItsClose() {
        timer.set(5);
        timer.close();
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
        channel.finishAndReleaseAll();
    }

    @Test
    void itFiresOnceWhenItIsDue() {
        timer.set(10);
        assertThat(timer.isSet()).isTrue();
        assertThat(firedAfter(9)).isZero();
        assertThat(firedAfter(1)).isEqualTo(1);
        assertThat(timer.isSet()).isFalse();
        assertThat(firedAfter(1000)).isEqualTo(1);
    }

    @Test
    void itCanBeMovedBack() {
        timer.set(10);
        firedAfter(5);
        timer.set(10);
        assertThat(firedAfter(9)).isZero();
        assertThat(firedAfter(1)).isEqualTo(1);
    }

    @Test
    void itCanBeMovedForward() {
        timer.set(100);
        timer.set(10);
        assertThat(firedAfter(10)).isEqualTo(1);
        assertThat(firedAfter(100)).isEqualTo(1);
    }

    @Test
    void itDoesNotFireOnceItIsCleared() {
        timer.set(10);
        timer.clear();
        assertThat(timer.isSet()).isFalse();
        assertThat(firedAfter(100)).isZero();
        timer.set(10);
        assertThat(firedAfter(10)).isEqualTo(1);
    }

    @Test
    void itCanBeSetAnewWhereItWasClearedAndItsWakeUpIsStillUnderWay() {
        timer.set(10);
        timer.clear();
        firedAfter(5);
        timer.set(20);
        assertThat(firedAfter(19)).isZero();
        assertThat(firedAfter(1)).isEqualTo(1);
    }

    @Test
    void itCanBeSetByItsOwnAction() {
        again = true;
        timer.set(10);
        assertThat(firedAfter(10)).isEqualTo(1);
        assertThat(firedAfter(9)).isEqualTo(1);
        assertThat(firedAfter(1)).isEqualTo(2);
    }
}
