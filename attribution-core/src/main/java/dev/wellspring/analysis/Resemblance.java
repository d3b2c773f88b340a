package dev.wellspring.analysis;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/// How much of one ranking of documents another would have shown as well; see [RankedScores#resemblance].
///
/// @param top10 how many of the first 10 documents are among the other's first 10
/// @param top100 how many of the first 100 are among the other's first 100
/// @param spearman the correlation of ranks; NaN where one side ranks all documents alike or fewer than two are
/// compared
public record Resemblance(double top10, double top100, double spearman) {
    /// The mean over several queries; of the correlations, over those that are numbers.
    ///
    /// @return NaN where there is nothing to take a mean of
    public static Resemblance mean(Collection<Resemblance> several) {
        return new Resemblance(
                mean(several, Resemblance::top10),
                mean(several, Resemblance::top100),
                mean(several, Resemblance::spearman));
    }

    private static double mean(Collection<Resemblance> several, ToDoubleFunction<Resemblance> of) {
        return several.stream()
                .mapToDouble(of)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }
}
