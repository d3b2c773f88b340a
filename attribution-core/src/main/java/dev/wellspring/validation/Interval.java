package dev.wellspring.validation;

import java.util.Arrays;

/// An estimate and where it would lie in 95 of 100 repetitions, by the percentile bootstrap.
///
/// @param estimate of the sample itself; NaN where nothing can be estimated
/// @param low the 2.5 % point of the resamples
/// @param high the 97.5 % point
public record Interval(double estimate, double low, double high) {
    /// From the estimates of resamples; those that are NaN are left out.
    static Interval of(double estimate, double[] resampled) {
        double[] sorted = Arrays.stream(resampled)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        return new Interval(estimate, quantile(sorted, 0.025), quantile(sorted, 0.975));
    }

    /// Whether the two have no value in common.
    public boolean apartFrom(Interval other) {
        return low > other.high || high < other.low;
    }

    private static double quantile(double[] sorted, double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double place = share * (sorted.length - 1);
        int below = (int) place;
        double rest = place - below;
        return rest == 0 ? sorted[below] : sorted[below] * (1 - rest) + sorted[below + 1] * rest;
    }
}
