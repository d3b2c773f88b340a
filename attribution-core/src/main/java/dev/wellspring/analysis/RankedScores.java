package dev.wellspring.analysis;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;

/// Scores of all documents, ranked once to be compared with several others.
///
/// The first documents are those of all; ranks are correlated over a sample, which for a corpus of a few thousand is
/// everything. A document whose score is NaN ranks last and is never among the first.
public final class RankedScores {
    /// At 100,000 documents the standard error of a rank correlation is 0.003.
    private static final int MOST_SAMPLED = 100_000;

    private static final int DEEPEST = 100;

    private final double[] scores;
    private final int[] first;
    private final double[] ranks;

    /// @param scores (documents), not copied
    /// @param sample the documents whose ranks are correlated; the same for all that are compared
    public RankedScores(double[] scores, int[] sample) {
        this.scores = scores;
        this.first = first(scores);
        double[] sampled = IntStream.of(sample).mapToDouble(d -> scores[d]).toArray();
        this.ranks = sampled.length == 0
                ? sampled
                : new NaturalRanking(NaNStrategy.MINIMAL, TiesStrategy.AVERAGE).rank(sampled);
    }

    /// All documents up to 100,000, or as many drawn from a seed, in their order.
    public static int[] sample(int documents, long seed) {
        int left = Math.min(documents, MOST_SAMPLED);
        int[] sample = new int[left];
        var random = new SplittableRandom(seed);
        for (int d = 0; left > 0; d++) {
            if (random.nextInt(documents - d) < left) {
                sample[sample.length - left--] = d;
            }
        }
        return sample;
    }

    /// How much of this ranking another would have shown.
    ///
    /// Where the other's 10th or 100th document is one of several with the same score, those that fit are taken to
    /// be drawn by lot: each counts with its chance.
    public Resemblance resemblance(RankedScores other) {
        double spearman = ranks.length < 2 ? Double.NaN : new PearsonsCorrelation().correlation(ranks, other.ranks);
        return new Resemblance(shared(other, 10), shared(other, DEEPEST), spearman);
    }

    private double shared(RankedScores other, int depth) {
        int others = Math.min(depth, other.first.length);
        if (others == 0) {
            return 0;
        }
        double last = other.scores[other.first[others - 1]];
        long above =
                IntStream.of(other.first).filter(d -> other.scores[d] > last).count();
        long alike = IntStream.range(0, scores.length)
                .filter(d -> other.scores[d] == last)
                .count();
        double chance = (double) (others - above) / alike;
        return IntStream.of(first)
                .limit(depth)
                .mapToDouble(d -> other.scores[d] > last ? 1 : other.scores[d] == last ? chance : 0)
                .sum();
    }

    /// The documents with the largest scores, best first; ties go to the earlier.
    private static int[] first(double[] scores) {
        Comparator<Integer> bestFirst =
                Comparator.comparingDouble((Integer d) -> -scores[d]).thenComparing(Comparator.naturalOrder());
        var kept = new PriorityQueue<>(bestFirst.reversed());
        double least = Double.NEGATIVE_INFINITY;
        for (int d = 0; d < scores.length; d++) {
            if (Double.isNaN(scores[d]) || (kept.size() == DEEPEST && scores[d] <= least)) {
                continue;
            }
            kept.add(d);
            if (kept.size() > DEEPEST) {
                kept.remove();
            }
            least = scores[kept.element()];
        }
        return kept.stream().sorted(bestFirst).mapToInt(Integer::intValue).toArray();
    }
}
