package dev.wellspring.analysis;

/// Scores of single documents, looked up by their places in the run.
public interface ScoreLookup {
    /// The raw score of one document for one query, nats.
    double score(int query, int document);

    /// The BM25 score of one document for one query; NaN where there is none.
    double bm25(int query, int document);

    /// The number of tokens of a document.
    int tokens(int document);

    /// The Euclidean norm of a document's gradient.
    double gradientNorm(int document);
}
