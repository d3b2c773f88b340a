package dev.wellspring.analysis;

import java.io.IOException;

/// Scores of documents for some queries, computed when they are asked for.
@FunctionalInterface
public interface DocumentScores {
    /// (queries, documents) the scores of consecutive documents.
    ///
    /// @param from the number of the first of them
    /// @param documents how many
    double[][] scores(int from, int documents) throws IOException;
}
