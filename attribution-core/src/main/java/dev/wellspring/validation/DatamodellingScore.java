package dev.wellspring.validation;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/// The linear datamodelling score (arXiv 2303.14186, definition 2.3): models are trained on random subsets S of the
/// documents, and the sum of a query's scores over S should foretell how good the model is at the query.
///
/// ```
/// LDS(q) = Spearman over S of   Σ_{d ∈ S} score(q, d)   and   −loss(q; trained on S)
/// ```
///
/// Positive scores promise a smaller loss, so a perfect attribution has 1, and one that knows nothing 0.
///
/// @param subsets the documents of each subset
/// @param losses (subsets, queries) of the retrained models, in nats
public record DatamodellingScore(List<BitSet> subsets, double[][] losses) {
    private static final int RESAMPLES = 1000;

    public DatamodellingScore {
        if (subsets.size() != losses.length || subsets.size() < 3) {
            throw new IllegalArgumentException("subsets, losses: expected as many, and at least 3, got "
                    + subsets.size() + " and " + losses.length);
        }
    }

    /// (queries) the score of every query; NaN where a query's losses or sums are all equal.
    ///
    /// @param scores (queries, documents)
    public double[] perQuery(double[][] scores) {
        return correlations(promises(scores), everySubset());
    }

    /// The mean over queries, with an interval over resampled queries and subsets.
    ///
    /// @param scores (queries, documents)
    /// @param seed of the resamples
    public Interval mean(double[][] scores, long seed) {
        double[][] promises = promises(scores);
        return interval(drawn -> correlations(promises, drawn), seed);
    }

    /// How much larger the mean is than that of other scores, with an interval over queries and subsets that
    /// are resampled for both alike. It is narrower than the two means' intervals suggest, since a query that
    /// is hard to foretell is so for both. Queries for which one of the two is NaN do not count.
    ///
    /// @param scores (queries, documents)
    /// @param others (queries, documents)
    /// @param seed of the resamples
    public Interval lead(double[][] scores, double[][] others, long seed) {
        double[][] promises = promises(scores);
        double[][] otherPromises = promises(others);
        return interval(
                drawn -> {
                    double[] lead = correlations(promises, drawn);
                    double[] other = correlations(otherPromises, drawn);
                    Arrays.setAll(lead, q -> lead[q] - other[q]);
                    return lead;
                },
                seed);
    }

    /// @param perQuery (queries) from the numbers of the subsets that it is about
    private Interval interval(Function<int[], double[]> perQuery, long seed) {
        var random = new SplittableRandom(seed);
        double[] resampled = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            double[] values = perQuery.apply(
                    random.ints(subsets.size(), 0, subsets.size()).toArray());
            resampled[r] =
                    mean(values, random.ints(values.length, 0, values.length).toArray());
        }
        double[] own = perQuery.apply(everySubset());
        return Interval.of(mean(own, IntStream.range(0, own.length).toArray()), resampled);
    }

    /// (queries, subsets) Σ_{d ∈ S} score(q, d).
    private double[][] promises(double[][] scores) {
        double[][] sums = new double[scores.length][subsets.size()];
        for (int q = 0; q < scores.length; q++) {
            for (int s = 0; s < subsets.size(); s++) {
                BitSet subset = subsets.get(s);
                for (int d = subset.nextSetBit(0); d >= 0; d = subset.nextSetBit(d + 1)) {
                    sums[q][s] += scores[q][d];
                }
            }
        }
        return sums;
    }

    private double[] correlations(double[][] promises, int[] drawn) {
        double[] correlations = new double[promises.length];
        for (int q = 0; q < promises.length; q++) {
            double[] promised = new double[drawn.length];
            double[] kept = new double[drawn.length];
            for (int i = 0; i < drawn.length; i++) {
                promised[i] = promises[q][drawn[i]];
                kept[i] = -losses[drawn[i]][q];
            }
            correlations[q] = new SpearmansCorrelation().correlation(promised, kept);
        }
        return correlations;
    }

    private int[] everySubset() {
        return IntStream.range(0, subsets.size()).toArray();
    }

    /// Of those that are numbers.
    private static double mean(double[] values, int[] drawn) {
        double sum = 0;
        int count = 0;
        for (int i : drawn) {
            if (!Double.isNaN(values[i])) {
                sum += values[i];
                count++;
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }
}
