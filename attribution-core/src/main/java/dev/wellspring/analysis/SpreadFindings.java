package dev.wellspring.analysis;

import dev.wellspring.rank.Tail;
import dev.wellspring.validation.Interval;
import java.util.List;

/// How much all documents do to queries, and how it is spread over documents.
///
/// @param queries in the order of the run
/// @param groups kinds and tasks
public record SpreadFindings(List<InfluenceSpread> queries, List<OfGroup> groups) {
    /// The percentages of documents whose share of the influence is looked up. They are percentages of the
    /// documents of that sign, rounded up to whole documents.
    public static final List<Double> PERCENTAGES =
            List.of(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0);

    /// Means over the queries of a group, each with a 95 % interval over resampled queries.
    ///
    /// @param tail which end
    /// @param perNat of [TailSpread#perNat]
    /// @param variation the standard deviation of the same over the queries, in units of its mean
    /// @param effectiveDocuments likewise
    /// @param shares (percentages) likewise
    /// @param slope of the power law, likewise
    /// @param r2 likewise
    public record OfGroup(
            QueryGroup group,
            Tail tail,
            Interval perNat,
            double variation,
            Interval effectiveDocuments,
            List<Interval> shares,
            Interval slope,
            Interval r2) {}
}
