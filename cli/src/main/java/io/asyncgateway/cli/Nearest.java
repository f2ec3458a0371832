package io.asyncgateway.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The name that was probably meant. */
final class Nearest {
    private static final int MOST = 3;

    private Nearest() {}

    /** The first of the candidates. */
    static Optional<String> to(String word, Collection<String> names) {
        return candidates(word, names).stream().findFirst();
    }

    /** One that is a single typing mistake away; or those that contain the word, the shortest first; or one that is some mistakes away. */
    private static List<String> candidates(String word, Collection<String> names) {
        Optional<String> typed = typed(word, names);
        if (typed.isPresent() && distance(word, typed.get()) <= 1) {
            return List.of(typed.get());
        }
        String part = word.startsWith("--") ? word.substring(2) : word;
        List<String> containing = names.stream()
                .filter(name -> part.length() >= 4 && name.contains(part))
                .sorted(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .toList();
        return containing.isEmpty() ? typed.stream().toList() : containing;
    }

    /** One that is a few typing mistakes away. */
    static Optional<String> typed(String word, Collection<String> names) {
        int tolerance = Math.max(1, Math.min(3, word.length() / 3));
        return names.stream()
                .filter(name -> Math.abs(name.length() - word.length()) <= tolerance)
                .filter(name -> distance(word, name) <= tolerance)
                .min(Comparator.comparingInt((String name) -> distance(word, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@code " (did you mean X or Y?)"}, or nothing. */
    static String hint(String word, Collection<String> names) {
        List<String> candidates = candidates(word, names);
        return candidates.isEmpty() ? "" : " (did you mean " + String.join(" or ", candidates) + "?)";
    }

    /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment), case aside. */
    private static int distance(String one, String other) {
        int[][] cost = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                cost[i][j] = i == 0 ? j : j == 0 ? i : cheapest(cost, one, other, i, j);
            }
        }
        return cost[one.length()][other.length()];
    }

    private static int cheapest(int[][] cost, String one, String other, int i, int j) {
        int replaced = cost[i - 1][j - 1] + (same(one, i - 1, other, j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && same(one, i - 1, other, j - 2) && same(one, i - 2, other, j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }

    private static boolean same(String one, int i, String other, int j) {
        return Character.toLowerCase(one.charAt(i)) == Character.toLowerCase(other.charAt(j));
    }
}
