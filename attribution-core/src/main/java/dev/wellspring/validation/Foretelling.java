package dev.wellspring.validation;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.commons.math3.stat.ranking.NaturalRanking;

/// How well numbers that were foretold rank what came true: of every query of a group that is hit by one removal, the
/// predicted and the measured rise of its loss.
///
/// @param predicted (queries)
/// @param measured (queries)
public record Foretelling(double[] predicted, double[] measured) {
    private static final int RESAMPLES = 2000;

    public Foretelling {
        if (predicted.length != measured.length || predicted.length < 3) {
            throw new IllegalArgumentException("predicted, measured: expected as many, and at least 3, got "
                    + predicted.length + " and " + measured.length);
        }
    }

    /// Spearman's rank correlation, with an interval over resampled queries.
    ///
    /// @param seed of the resamples
    public Interval spearman(long seed) {
        var random = new SplittableRandom(seed);
        double[] resampled = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            int[] drawn = random.ints(predicted.length, 0, predicted.length).toArray();
            resampled[r] = new SpearmansCorrelation().correlation(of(predicted, drawn), of(measured, drawn));
        }
        return Interval.of(new SpearmansCorrelation().correlation(predicted, measured), resampled);
    }

    /// How often a query that fails was foretold a larger rise than one that does not: the area under the ROC
    /// curve. Ties count half.
    ///
    /// @param fails (queries)
    /// @return NaN when all fail, or none
    public double areaUnderCurve(boolean[] fails) {
        double[] ranks = new NaturalRanking().rank(predicted);
        double failing = 0;
        double sum = 0;
        for (int q = 0; q < fails.length; q++) {
            if (fails[q]) {
                failing++;
                sum += ranks[q];
            }
        }
        double others = fails.length - failing;
        return (sum - failing * (failing + 1) / 2) / (failing * others);
    }

    private static double[] of(double[] values, int[] drawn) {
        return Arrays.stream(drawn).mapToDouble(i -> values[i]).toArray();
    }
}
