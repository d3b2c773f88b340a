package dev.wellspring.analysis;

import java.util.List;
import java.util.Map;

/// How alike the queries of a run are in what influences them.
///
/// @param documents over how many Pearson's coefficient of raw scores is
/// @param normalised over how many that of normalised scores is: those whose gradient has a norm above zero
/// @param sampled over how many Spearman's is
/// @param matrices (queries, queries) of every coefficient
/// @param blocks of every coefficient: within tasks, across tasks, across kinds, against controls
public record CorrelationFindings(
        long documents,
        long normalised,
        int sampled,
        Map<Coefficient, CrossQueryCorrelation> matrices,
        Map<Coefficient, List<CorrelationBlock>> blocks) {
    /// One matrix.
    public CrossQueryCorrelation matrix(Coefficient which) {
        CrossQueryCorrelation matrix = matrices.get(which);
        if (matrix == null) {
            throw new IllegalArgumentException("which: expected one of " + matrices.keySet() + ", got " + which);
        }
        return matrix;
    }
}
