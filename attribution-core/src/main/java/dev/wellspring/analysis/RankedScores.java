package dev.wellspring.analysis;

import dev.wellspring.rank.Ranks;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;

/// Scores of all documents, ranked once to be compared with several others.
///
/// The first documents are those of all; ranks are correlated over a sample, which for a corpus of a few
/// thousand is everything. A document whose score is NaN ranks last and is never among the first.
public final class RankedScores {
    /// At 100,000 documents the standard error of a rank correlation is 0.003.
    private static final int MOST_SAMPLED = 100_000;

    /// How many of the first documents are compared.
    static final int DEEPEST = 100;

    private final IntToDoubleFunction scores;
    private final FirstDocuments first;
    private final int[] firstDocuments;
    private final double[] firstScores;
    private final double[] ranks;

    /// @param scores (documents), not copied
    /// @param sample the documents whose ranks are correlated; the same for all that are compared
    public RankedScores(double[] scores, int[] sample) {
        this(
                document -> scores[document],
                FirstDocuments.of(scores, DEEPEST),
                Ranks.of(IntStream.of(sample).mapToDouble(d -> scores[d]).toArray()));
    }

    /// Scores that have passed by.
    ///
    /// @param scores of single documents, looked up
    /// @param first the first documents of all, at least 100 if there are so many
    /// @param ranks (sample) of the documents whose ranks are correlated
    RankedScores(IntToDoubleFunction scores, FirstDocuments first, double[] ranks) {
        this.scores = scores;
        this.first = first;
        this.firstDocuments = first.documents();
        this.firstScores = first.scores();
        this.ranks = ranks;
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
    /// Where the other's 10th or 100th document is one of several with the same score, those that fit are
    /// taken to be drawn by lot: each counts with its chance.
    public Resemblance resemblance(RankedScores other) {
        double spearman = ranks.length < 2 ? Double.NaN : new PearsonsCorrelation().correlation(ranks, other.ranks);
        return new Resemblance(shared(other, 10), shared(other, DEEPEST), spearman);
    }

    private double shared(RankedScores other, int depth) {
        int others = Math.min(depth, other.firstScores.length);
        if (others == 0) {
            return 0;
        }
        double last = other.firstScores[others - 1];
        long above =
                DoubleStream.of(other.firstScores).filter(score -> score > last).count();
        double chance = (double) (others - above) / other.first.alike(last);
        return IntStream.of(firstDocuments)
                .limit(depth)
                .mapToDouble(other.scores)
                .map(score -> score > last ? 1 : score == last ? chance : 0)
                .sum();
    }
}
