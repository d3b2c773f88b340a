package dev.wellspring.cli.report;

import java.util.List;

/// Both ends of a query's ranking.
///
/// @param top the most positive documents, best first
/// @param bottom the most negative ones, most negative first
/// @param ranked how many documents have a score
/// @param notRanked how many have none, because it would be a division by zero
public record QueryRanking(List<RankedDocument> top, List<RankedDocument> bottom, long ranked, long notRanked) {}
