package io.asyncgateway.websocket.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything has its turn, and nothing too much at once. */
class RoundsTest {
    private final Rounds<Integer> rounds = new Rounds<>(10);

    private List<Integer> round(Set<Integer> all, int most) {
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            List<Integer> portion = rounds.next(all);
            assertThat(portion).hasSizeLessThanOrEqualTo(most);
            seen.addAll(portion);
        }
        return seen;
    }

    private static Set<Integer> set(int size) {
        return new LinkedHashSet<>(IntStream.range(0, size).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10, 11, 99, 1_000})
    void inARoundEverythingComesOnceInPortions(int size) {
        for (int i = 0; i < 3; i++) {
            assertThat(round(set(size), (size + 9) / 10)).containsExactlyElementsOf(set(size));
        }
    }

    @Test
    void whatIsNewComesInTheNextRound() {
        Set<Integer> all = set(5);
        rounds.next(all);
        all.add(5);
        for (int i = 1; i < 10; i++) {
            assertThat(rounds.next(all)).doesNotContain(5);
        }

        assertThat(round(all, 1)).contains(5);
    }
}
