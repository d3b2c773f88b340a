package dev.wellspring.analysis;

import dev.wellspring.linalg.RowParallel;
import java.util.Arrays;
import java.util.stream.IntStream;

/// How alike queries are in what influences them: a correlation of the scores of all documents, for each pair
/// of queries. Ruis et al. 2024 (arXiv 2411.12580), finding 1: high between queries that take the same
/// procedure, whatever their numbers.
///
/// The correlation with a query whose scores are all the same, or one of which is not finite, is NaN.
public final class CrossQueryCorrelation {
    private static final int BLOCK = 4096;

    private final double[][] matrix;

    private CrossQueryCorrelation(double[][] matrix) {
        this.matrix = matrix;
    }

    /// Pearson's coefficient of scores that lie in memory. Takes O(queries² · documents) time, and memory
    /// for 4,096 documents.
    ///
    /// @param scores (queries, documents)
    public static CrossQueryCorrelation of(double[][] scores) {
        return of(scores, RowParallel.serial());
    }

    /// The same on several threads.
    static CrossQueryCorrelation of(double[][] scores, RowParallel parallel) {
        int queries = scores.length;
        int documents = queries == 0 ? 0 : scores[0].length;
        var moments = new CoMoments(queries);
        double[] means = new double[queries];
        double[][] deviations = new double[Math.min(BLOCK, documents)][queries];
        for (int from = 0; from < documents; from += BLOCK) {
            int start = from;
            int count = Math.min(BLOCK, documents - from);
            parallel.forRanges(queries, (first, end) -> {
                for (int q = (int) first; q < end; q++) {
                    double[] block = Arrays.copyOfRange(scores[q], start, start + count);
                    means[q] = CoMoments.mean(block, count);
                    for (int d = 0; d < count; d++) {
                        deviations[d][q] = block[d] - means[q];
                    }
                }
            });
            moments.accept(deviations, count, means, parallel);
        }
        return of(moments);
    }

    /// Pearson's coefficient of scores that have passed by.
    static CrossQueryCorrelation of(CoMoments moments) {
        return new CrossQueryCorrelation(moments.correlations());
    }

    /// How many queries there are.
    public int queries() {
        return matrix.length;
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
}
