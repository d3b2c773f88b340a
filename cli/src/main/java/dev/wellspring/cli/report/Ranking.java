package dev.wellspring.cli.report;

import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Ranked;
import dev.wellspring.rank.Tail;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.ScoreRow;
import java.util.List;

/// The documents at one end of one query's ranking.
///
/// @param query what was asked
/// @param by what the scores are divided by
/// @param tail which end
/// @param documents best first
/// @param ranked how many documents have such a score
/// @param notRanked how many have none, because it would be a division by zero
public record Ranking(
        ScoredQuery query,
        Normalisation by,
        Tail tail,
        List<Ranked<ScoreRow>> documents,
        long ranked,
        long notRanked) {}
