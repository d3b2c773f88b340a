package dev.wellspring.validation;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
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
/// The interval of its mean over queries is about other subsets, with the models trained on them, and, but for
/// [#meanOfTheseQueries], other queries of the same kinds. Subsets are resampled for all queries alike, since
/// these share the models; queries within their kind, since how many there are of each is fixed by design. With one
/// kind it is the plain bootstrap over queries; of a kind with a single query the interval is about subsets only.
///
/// Resampling both is slightly conservative (doi 10.1214/07-AOAS122). A resample holds some subsets more than once,
/// and Spearman's ρ is biased toward zero by about 3 (ρ − τ) / subsets, where τ is Kendall's: the ends lie that much
/// lower than they should, by 0.02 where ρ is 0.6 over 24 subsets.
///
/// @param subsets the documents of each subset
/// @param losses (subsets, queries) of the retrained models, in nats
/// @param kinds (queries) what each is, such as `factual`
public record DatamodellingScore(List<BitSet> subsets, double[][] losses, List<String> kinds) {
    private static final int RESAMPLES = 1000;

    /// Means over queries. Those for which there is no number do not count; of none, all is NaN.
    ///
    /// @param all over all queries
    /// @param kinds over those of each kind, from the same resamples
    public record Means(Interval all, SortedMap<String, Interval> kinds) {}

    public DatamodellingScore {
        if (subsets.size() != losses.length || subsets.size() < 3) {
            throw new IllegalArgumentException("subsets, losses: expected as many, and at least 3, got "
                    + subsets.size() + " and " + losses.length);
        }
        if (kinds.size() != losses[0].length) {
            throw new IllegalArgumentException(
                    "kinds: expected " + losses[0].length + ", one for each query, got " + kinds.size());
        }
    }

    /// (queries) the score of every query; NaN where a query's losses or sums are all equal.
    ///
    /// @param scores (queries, documents)
    public double[] perQuery(double[][] scores) {
        return correlations(promises(scores), everySubset());
    }

    /// The means over queries.
    ///
    /// @param scores (queries, documents)
    /// @param seed of the resamples
    public Means mean(double[][] scores, long seed) {
        double[][] promises = promises(scores);
        return means(drawn -> correlations(promises, drawn), true, seed);
    }

    /// The same with intervals about other subsets alone: how sure the means are for these queries, and no others.
    ///
    /// @param scores (queries, documents)
    /// @param seed of the resamples
    public Means meanOfTheseQueries(double[][] scores, long seed) {
        double[][] promises = promises(scores);
        return means(drawn -> correlations(promises, drawn), false, seed);
    }

    /// How much larger the means are than those of other scores, where both have the queries and subsets of each
    /// resample. The interval is narrower than the two means' suggest, since a query that is hard to foretell is so
    /// for both. Queries for which one of the two is NaN do not count.
    ///
    /// @param scores (queries, documents)
    /// @param others (queries, documents)
    /// @param seed of the resamples
    public Means lead(double[][] scores, double[][] others, long seed) {
        double[][] promises = promises(scores);
        double[][] otherPromises = promises(others);
        return means(
                drawn -> {
                    double[] lead = correlations(promises, drawn);
                    double[] other = correlations(otherPromises, drawn);
                    Arrays.setAll(lead, q -> lead[q] - other[q]);
                    return lead;
                },
                true,
                seed);
    }

    /// @param perQuery (queries) from the numbers of the subsets that it is about
    /// @param otherQueries whether queries are resampled too
    private Means means(Function<int[], double[]> perQuery, boolean otherQueries, long seed) {
        double[] own = perQuery.apply(everySubset());
        List<String> names = kinds.stream().distinct().sorted().toList();
        List<int[]> strata = names.stream().map(name -> counted(name, own)).toList();
        double[] estimates = ofStrata(own, strata);
        var random = new SplittableRandom(seed);
        double[][] resampled = new double[RESAMPLES][];
        for (int r = 0; r < RESAMPLES; r++) {
            double[] values = perQuery.apply(draw(everySubset(), random));
            List<int[]> queries = otherQueries
                    ? strata.stream().map(stratum -> draw(stratum, random)).toList()
                    : strata;
            resampled[r] = ofStrata(values, queries);
        }
        SortedMap<String, Interval> ofKinds = new TreeMap<>();
        for (int k = 0; k < names.size(); k++) {
            int kind = k;
            ofKinds.put(names.get(k), interval(estimates, resampled, ofStrata -> ofStrata[kind]));
        }
        return new Means(interval(estimates, resampled, ofStrata -> overall(ofStrata, strata)), ofKinds);
    }

    /// @param estimates (strata)
    /// @param resampled (resamples, strata)
    private static Interval interval(double[] estimates, double[][] resampled, ToDoubleFunction<double[]> of) {
        return Interval.of(
                of.applyAsDouble(estimates),
                Arrays.stream(resampled).mapToDouble(of).toArray());
    }

    /// The queries of a kind that have a number.
    private int[] counted(String kind, double[] values) {
        return IntStream.range(0, values.length)
                .filter(q -> kinds.get(q).equals(kind) && !Double.isNaN(values[q]))
                .toArray();
    }

    /// As many, with replacement.
    private static int[] draw(int[] members, SplittableRandom random) {
        return members.length == 0
                ? members
                : random.ints(members.length, 0, members.length)
                        .map(i -> members[i])
                        .toArray();
    }

    /// (strata) the mean of each.
    private static double[] ofStrata(double[] values, List<int[]> strata) {
        return strata.stream().mapToDouble(stratum -> mean(values, stratum)).toArray();
    }

    /// The mean over all queries from those of the strata, each with the weight of its queries.
    private static double overall(double[] means, List<int[]> strata) {
        double sum = 0;
        int count = 0;
        for (int k = 0; k < means.length; k++) {
            int queries = strata.get(k).length;
            if (queries > 0) {
                sum += queries * means[k];
                count += queries;
            }
        }
        return sum / count; // NaN where no query has a number
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
