package dev.wellspring.cli.report;

import dev.wellspring.analysis.BaselineWarning;
import dev.wellspring.analysis.CorrelationFindings;
import dev.wellspring.analysis.SourceFindings;
import dev.wellspring.analysis.SpreadFindings;
import dev.wellspring.analysis.TopFindings;
import dev.wellspring.run.score.ScoredQuery;
import java.util.List;

/// Everything that the scores of a run say, without its documents' texts.
///
/// @param documents how many were ranked, chunks counted one by one
/// @param queries in the order of the run; findings call them by their numbers
/// @param correlation which queries the same documents influence
/// @param spread how much all documents do together, and how it is spread over them
/// @param sources which sources stand at the ends of rankings
/// @param top what stands out there: documents of many queries, near-duplicates, scores of single tokens
/// @param baselines what cheaper methods would have shown
/// @param warnings queries whose ranking one of them explains
public record Analyses(
        long documents,
        List<ScoredQuery> queries,
        CorrelationFindings correlation,
        SpreadFindings spread,
        SourceFindings sources,
        TopFindings top,
        BaselineReport baselines,
        List<BaselineWarning> warnings) {}
