package dev.wellspring.cli.report;

import dev.wellspring.rank.Ranked;
import dev.wellspring.rank.Tail;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.ScoreRow;
import java.util.List;

/// The documents at one end of one query's ranking.
///
/// @param query what was asked
/// @param by what they are ranked by
/// @param tail which end
/// @param documents best first
/// @param scored how many documents the run has scored
/// @param kept how many of them it keeps: all, or those at the ends of its rankings
/// @param notRanked how many of those kept have no such score, because it would be a division by zero
/// @param raw where each of the documents stands by raw influence, from 1; empty where the run does not hold every
///     document
/// @param bm25 the same by BM25; empty where the run has no such scores
public record Ranking(
        ScoredQuery query,
        RankBy by,
        Tail tail,
        List<Ranked<ScoreRow>> documents,
        long scored,
        long kept,
        long notRanked,
        List<Long> raw,
        List<Long> bm25) {
    /// Whether every document that was scored is ranked here.
    boolean isOfEveryDocument() {
        return kept == scored;
    }
}
