package dev.wellspring.analysis;

/// How the influence at one end of a query's ranking is spread over documents.
///
/// @param documents how many have a score of that sign
/// @param total the sum of these scores, in nats; negative at the negative end
/// @param perNat the same divided by the query's loss, which compares queries; NaN for a loss of zero
/// @param effectiveDocuments (Σ|s|)² / Σs² over them: n where all are alike, 1 where one has everything
/// @param shares (percentages) which share of the total the first x percent of these documents have, for
/// each of [SpreadFindings#PERCENTAGES]
/// @param powerLaw of the first 500
public record TailSpread(
        long documents, double total, double perNat, double effectiveDocuments, double[] shares, PowerLaw powerLaw) {}
