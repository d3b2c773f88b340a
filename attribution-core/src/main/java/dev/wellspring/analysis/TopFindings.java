package dev.wellspring.analysis;

import dev.wellspring.rank.Tail;
import java.util.List;

/// What stands out among the documents at the ends of the rankings.
///
/// @param k how many documents at either end of a ranking were looked at
/// @param frequent documents that stand in the first k of at least two queries, most queries first
/// @param duplicates groups of nearly the same text among the first k of all queries, largest first
/// @param concentrated scores that come from a few tokens, most concentrated first; empty where the run has not
/// kept token scores
/// @param tokenScores whether the run has kept them
public record TopFindings(
        int k,
        List<Frequent> frequent,
        List<Duplicates> duplicates,
        List<Concentrated> concentrated,
        boolean tokenScores) {
    /// @param tail in whose first k
    /// @param queries the numbers of the queries
    public record Frequent(AnalysedDocument document, Tail tail, int[] queries) {}

    /// @param documents in the order of the run; each resembles at least one of the others
    /// @param queries the numbers of the queries that have one of them in the first k, at either end
    public record Duplicates(List<AnalysedDocument> documents, int[] queries) {}

    /// @param query its number
    /// @param rank 1 for the very first
    /// @param raw the score, nats
    /// @param concentration ‖s‖₂ / ‖s‖₁ of its token scores: 1 where one token has everything, 1/√n where n
    /// tokens are alike
    public record Concentrated(
            AnalysedDocument document, int query, Tail tail, int rank, double raw, double concentration) {}
}
