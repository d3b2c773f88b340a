package dev.wellspring.analysis;

import org.jspecify.annotations.Nullable;

/// Some consecutive documents with their scores, column by column: what a run's shards consist of. The
/// analyses are fed one block after the other, and may read a block from several threads.
public interface ScoreBlock {
    /// The number of documents.
    int rowCount();

    /// Copies the raw scores of one query, in nats.
    ///
    /// @param query its number
    /// @param into (at least rows)
    void scores(int query, double[] into);

    /// The same of BM25 scores; NaN where there are none.
    void bm25(int query, double[] into);

    /// The number of tokens of a document: one more than its predictions.
    int tokens(int row);

    /// The Euclidean norm of a document's gradient.
    double gradientNorm(int row);

    /// Where a document comes from, if the corpus says so.
    @Nullable
    String source(int row);
}
