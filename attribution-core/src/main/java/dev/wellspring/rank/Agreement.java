package dev.wellspring.rank;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;

/// How well approximate scores of one query agree with exact ones.
///
/// @param documents how many were compared
/// @param pearson correlation of scores; NaN where one side is constant or fewer than two are compared
/// @param spearman correlation of ranks; likewise
/// @param recall the share of the exact top tenth that is in the approximate top tenth, rounded up
public record Agreement(int documents, double pearson, double spearman, double recall) {
    /// Compares scores of the same documents.
    ///
    /// @throws IllegalArgumentException when the lengths differ
    public static Agreement of(double[] approximate, double[] exact) {
        if (approximate.length != exact.length) {
            throw new IllegalArgumentException(
                    "exact: expected " + approximate.length + " scores, got " + exact.length);
        }
        int n = exact.length;
        if (n < 2) {
            return new Agreement(n, Double.NaN, Double.NaN, n == 0 ? Double.NaN : 1);
        }
        int tenth = Math.ceilDiv(n, 10);
        return new Agreement(
                n,
                new PearsonsCorrelation().correlation(approximate, exact),
                new PearsonsCorrelation().correlation(Ranks.of(approximate), Ranks.of(exact)),
                1 - (double) changed(approximate, exact, tenth) / tenth);
    }

    /// How many of the k highest by exact scores are not among the k highest by approximate ones. Ties go to the
    /// earlier.
    public static int changed(double[] approximate, double[] exact, int k) {
        Set<Integer> found = new HashSet<>(top(approximate, k));
        return (int) top(exact, k).stream().filter(i -> !found.contains(i)).count();
    }

    private static List<Integer> top(double[] scores, int k) {
        Comparator<Integer> bestFirst =
                Comparator.comparingDouble((Integer i) -> -scores[i]).thenComparing(Comparator.naturalOrder());
        var kept = new PriorityQueue<>(bestFirst.reversed());
        double worst = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < scores.length && k > 0; i++) {
            if (kept.size() < k || scores[i] > worst) {
                kept.add(i);
                if (kept.size() > k) {
                    kept.remove();
                }
                worst = scores[kept.element()];
            }
        }
        return kept.stream().sorted(bestFirst).toList();
    }
}
