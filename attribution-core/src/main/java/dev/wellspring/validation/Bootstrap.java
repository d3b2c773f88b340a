package dev.wellspring.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Intervals for means of few numbers, resampled with replacement.
public final class Bootstrap {
    private static final int RESAMPLES = 2000;

    private Bootstrap() {}

    /// The mean of paired or plain values.
    ///
    /// @param values of none the mean is NaN; of a single one nothing is known of the interval, whose ends are NaN
    /// @param seed of the resamples
    public static Interval mean(double[] values, long seed) {
        if (values.length < 2) {
            return new Interval(values.length == 0 ? Double.NaN : values[0], Double.NaN, Double.NaN);
        }
        var random = new SplittableRandom(seed);
        double[] resampled = IntStream.range(0, RESAMPLES)
                .mapToDouble(r -> random.ints(values.length, 0, values.length)
                        .mapToDouble(i -> values[i])
                        .average()
                        .orElse(Double.NaN))
                .toArray();
        return Interval.of(
                IntStream.range(0, values.length)
                        .mapToDouble(i -> values[i])
                        .average()
                        .orElse(Double.NaN),
                resampled);
    }

    /// The mean of values of pairs, such as correlations of two queries. Not pairs are resampled but their
    /// members, each group by itself; a pair counts as often as both of its members were drawn, multiplied.
    ///
    /// @param first (pairs) the number of the one member
    /// @param second (pairs) of the other
    /// @param values (pairs) none of them NaN
    /// @param groups (members) the group that each is drawn again with
    /// @param seed of the resamples: 2,000, or fewer where there are more than 50,000 pairs, down to 200
    public static Interval pairs(int[] first, int[] second, double[] values, int[] groups, long seed) {
        double estimate = Arrays.stream(values).average().orElse(Double.NaN);
        List<int[]> strata = strata(first, second, groups);
        var random = new SplittableRandom(seed);
        double[] resampled = new double[Math.clamp(100_000_000L / Math.max(1, values.length), 200, RESAMPLES)];
        int[] drawn = new int[groups.length];
        for (int r = 0; r < resampled.length; r++) {
            Arrays.fill(drawn, 0);
            for (int[] stratum : strata) {
                for (int i = 0; i < stratum.length; i++) {
                    drawn[stratum[random.nextInt(stratum.length)]]++;
                }
            }
            double sum = 0;
            long weight = 0;
            for (int p = 0; p < values.length; p++) {
                int times = drawn[first[p]] * drawn[second[p]];
                sum += times * values[p];
                weight += times;
            }
            resampled[r] = sum / weight; // NaN where no pair was drawn
        }
        return Interval.of(estimate, resampled);
    }

    /// The members that occur in pairs, by their group.
    private static List<int[]> strata(int[] first, int[] second, int[] groups) {
        SortedMap<Integer, List<Integer>> members = new TreeMap<>();
        IntStream.concat(IntStream.of(first), IntStream.of(second))
                .distinct()
                .sorted()
                .forEach(member -> members.computeIfAbsent(groups[member], _ -> new ArrayList<>())
                        .add(member));
        return members.values().stream()
                .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }
}
