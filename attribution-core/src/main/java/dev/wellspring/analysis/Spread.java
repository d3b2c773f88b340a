package dev.wellspring.analysis;

import java.util.Arrays;

/// Several numbers in short. All are NaN where there is no number.
///
/// @param count how many numbers there were; those that are NaN are left out
/// @param mean their mean
/// @param deviation their standard deviation, over `count − 1`; NaN for a single one
/// @param smallest of them
/// @param median the middle one, or the mean of the two in the middle
/// @param largest of them
public record Spread(int count, double mean, double deviation, double smallest, double median, double largest) {
    /// In any order.
    public static Spread of(double... values) {
        double[] sorted = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        int n = sorted.length;
        if (n == 0) {
            return new Spread(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        double mean = Arrays.stream(sorted).sum() / n;
        double squares = Arrays.stream(sorted)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return new Spread(
                n,
                mean,
                n == 1 ? Double.NaN : Math.sqrt(squares / (n - 1)),
                sorted[0],
                (sorted[(n - 1) / 2] + sorted[n / 2]) / 2,
                sorted[n - 1]);
    }

    /// The standard deviation in units of the mean: how much the numbers vary, whatever their unit.
    public double relative() {
        return deviation / mean;
    }
}
