package dev.wellspring.validation;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Intervals for means of few numbers, resampled with replacement.
public final class Bootstrap {
    private static final int RESAMPLES = 2000;

    private Bootstrap() {}

    /// The mean of paired or plain values.
    ///
    /// @param values of any number; of none, all is NaN
    /// @param seed of the resamples
    public static Interval mean(double[] values, long seed) {
        if (values.length == 0) {
            return Interval.of(Double.NaN, values);
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
}
