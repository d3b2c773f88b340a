package dev.wellspring.analysis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// Baselines of documents that lie in memory: (queries, documents), larger for documents that come first.
public final class Baselines {
    private Baselines() {}

    /// The BM25 score of every document for every query; see [Bm25].
    ///
    /// @param documents the token ids of each
    /// @param queries the token ids of each, prompt and completion
    public static double[][] bm25(List<int[]> documents, List<int[]> queries) {
        try (Bm25 index = Bm25.of(documents)) {
            return index.scores(queries);
        } catch (IOException impossible) {
            throw new UncheckedIOException("bm25, in memory: " + impossible.getMessage(), impossible);
        }
    }

    /// The number of predictions of every document, the same for every query.
    ///
    /// @param documents the token ids of each
    /// @param queries how many
    public static double[][] length(List<int[]> documents, int queries) {
        double[][] scores = new double[queries][];
        for (int q = 0; q < queries; q++) {
            scores[q] = documents.stream()
                    .mapToDouble(tokens -> Math.max(0, tokens.length - 1))
                    .toArray();
        }
        return scores;
    }
}
