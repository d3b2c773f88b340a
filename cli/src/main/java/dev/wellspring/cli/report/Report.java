package dev.wellspring.cli.report;

import dev.wellspring.analysis.AnswerFindings;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.QueryTokenScores;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that a report shows of a run.
///
/// @param run the name of its folder
/// @param manifest of the run
/// @param overview in words
/// @param by what documents are ranked by, raw or normalised
/// @param documents how many the run has scored
/// @param kept the rows that the run keeps of them: all, or those at the ends of its rankings
/// @param k how many of them are shown at either end of a ranking
/// @param texts how many of those are shown with their whole text, 0 where the texts are not known
/// @param queries in the order of the run
/// @param rankings one for each query
/// @param table the documents of the rankings
/// @param lengthRanks (documents of the table) where they stand by length; 0 where it is not known
/// @param normRanks the same by gradient norm
/// @param tokenScores whether the run keeps the score of each token
/// @param queryTokens what the run keeps of the scores of query tokens
/// @param modules the modules whose scores are kept, in order
/// @param analyses of all scores; null where the run does not hold every document
/// @param answers where the queries' answers are; null where the documents' texts were not searched
/// @param marks which answers a document of a ranking holds
/// @param validations what validations found
public record Report(
        String run,
        Manifest manifest,
        Overview overview,
        Normalisation by,
        long documents,
        long kept,
        int k,
        int texts,
        List<ScoredQuery> queries,
        List<QueryRanking> rankings,
        DocumentTable table,
        long[] lengthRanks,
        long[] normRanks,
        boolean tokenScores,
        QueryTokenScores queryTokens,
        List<String> modules,
        @Nullable Analyses analyses,
        @Nullable AnswerFindings answers,
        AnswerMarks marks,
        List<Validation> validations) {
    /// Says which of a query's answers a document holds.
    @FunctionalInterface
    public interface AnswerMarks {
        /// @param query its number
        /// @param document its number among the documents of the run
        List<String> of(int query, int document);
    }
}
