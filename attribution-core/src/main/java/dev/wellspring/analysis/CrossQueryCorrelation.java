package dev.wellspring.analysis;

import java.util.Arrays;
import java.util.stream.IntStream;

/// How alike queries are in what influences them: Pearson's correlation of the scores of all documents, for each pair
/// of queries. Ruis et al. 2024 (arXiv 2411.12580), finding 1: high between queries that take the same procedure,
/// whatever their numbers.
///
/// The correlation with a query whose scores are all the same, or one of which is not finite, is NaN.
public final class CrossQueryCorrelation {
    private final double[][] matrix;

    private CrossQueryCorrelation(double[][] matrix) {
        this.matrix = matrix;
    }

    /// Takes O(queries² · documents) time, and memory for a second copy of the scores.
    ///
    /// @param scores (queries, documents)
    public static CrossQueryCorrelation of(double[][] scores) {
        double[][] units =
                Arrays.stream(scores).map(CrossQueryCorrelation::unit).toArray(double[][]::new);
        var matrix = new double[scores.length][scores.length];
        for (int q = 0; q < scores.length; q++) {
            for (int other = 0; other <= q; other++) {
                double product = dot(units[q], units[other]);
                matrix[q][other] = Math.clamp(product, -1, 1);
                matrix[other][q] = matrix[q][other];
            }
        }
        return new CrossQueryCorrelation(matrix);
    }

    /// The correlation of two queries, by their numbers.
    public double at(int query, int other) {
        return matrix[query][other];
    }

    /// Over all pairs of different queries of one group.
    ///
    /// @param group numbers of queries, each once
    public Spread within(int... group) {
        return Spread.of(IntStream.range(0, group.length)
                .boxed()
                .flatMapToDouble(i -> IntStream.range(0, i).mapToDouble(j -> matrix[group[i]][group[j]]))
                .toArray());
    }

    /// Over all pairs of a query of one group with one of another.
    ///
    /// @param group numbers of queries, each once
    /// @param other likewise, none of them of the first group
    public Spread across(int[] group, int[] other) {
        return Spread.of(Arrays.stream(group)
                .boxed()
                .flatMapToDouble(q -> Arrays.stream(other).mapToDouble(r -> matrix[q][r]))
                .toArray());
    }

    /// Without its mean and of length 1.
    private static double[] unit(double[] scores) {
        double mean = Arrays.stream(scores).sum() / scores.length;
        double[] centred = Arrays.stream(scores).map(score -> score - mean).toArray();
        double norm = Math.sqrt(dot(centred, centred));
        return Arrays.stream(centred).map(score -> score / norm).toArray();
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int d = 0; d < one.length; d++) {
            sum += one[d] * other[d];
        }
        return sum;
    }
}
