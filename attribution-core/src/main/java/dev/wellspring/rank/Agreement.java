package dev.wellspring.rank;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

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
                new SpearmansCorrelation().correlation(approximate, exact),
                1 - (double) changed(approximate, exact, tenth) / tenth);
    }

    /// How many of the k highest by exact scores are not among the k highest by approximate ones. Ties go to the
    /// earlier.
    public static int changed(double[] approximate, double[] exact, int k) {
        Set<Integer> found = new HashSet<>(top(approximate, k));
        return (int) top(exact, k).stream().filter(i -> !found.contains(i)).count();
    }

    private static List<Integer> top(double[] scores, int k) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, scores.length).boxed().toList());
        order.sort(Comparator.comparingDouble((Integer i) -> -scores[i]));
        return order.subList(0, Math.min(k, order.size()));
    }
}
