package dev.wellspring.store.scores;

import dev.wellspring.rank.Normalisation;

/// What documents are ranked by: the larger, the better.
@FunctionalInterface
public interface RowValue {
    /// See [dev.wellspring.analysis.Baseline#LENGTH].
    RowValue LENGTH = (batch, row) -> batch.tokens(row) - 1;

    /// See [dev.wellspring.analysis.Baseline#GRADIENT_NORM].
    RowValue GRADIENT_NORM = ScoreBatch::gradientNorm;

    /// The value of one document; NaN if it has none.
    double of(ScoreBatch batch, int row);

    /// The influence on a query.
    ///
    /// @param query its number in the layout
    /// @param queryLoss −ln p(completion | prompt) of that query, nats
    static RowValue influence(int query, double queryLoss, Normalisation by) {
        return (batch, row) -> by.apply(batch.score(query, row), queryLoss, batch.gradientNorm(row));
    }

    /// See [dev.wellspring.analysis.Baseline#BM25].
    ///
    /// @param query its number in the layout
    static RowValue bm25(int query) {
        return (batch, row) -> batch.bm25(query, row);
    }
}
