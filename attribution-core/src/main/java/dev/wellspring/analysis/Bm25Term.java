package dev.wellspring.analysis;

import java.util.SortedMap;
import org.apache.lucene.search.similarities.Similarity.SimScorer;
import org.apache.lucene.util.BytesRef;

/// A token that some queries have.
///
/// @param bytes how it stands in the index
/// @param scorer its share in the score of a document
/// @param queries the numbers of those that have it
/// @param counts how often each of them has it
record Bm25Term(BytesRef bytes, SimScorer scorer, int[] queries, int[] counts) {
    static Bm25Term of(BytesRef bytes, SimScorer scorer, SortedMap<Integer, Integer> countByQuery) {
        return new Bm25Term(
                bytes,
                scorer,
                countByQuery.keySet().stream().mapToInt(Integer::intValue).toArray(),
                countByQuery.values().stream().mapToInt(Integer::intValue).toArray());
    }

    /// Adds the share of one document to the scores of all queries that have the token.
    ///
    /// @param frequency how often the document has it
    /// @param norm the document's length, as Lucene keeps it
    /// @param scores (queries, documents)
    /// @param column the document's
    void addTo(double[][] scores, int column, int frequency, long norm) {
        float share = scorer.score(frequency, norm);
        for (int i = 0; i < queries.length; i++) {
            scores[queries[i]][column] += (double) counts[i] * share;
        }
    }
}
