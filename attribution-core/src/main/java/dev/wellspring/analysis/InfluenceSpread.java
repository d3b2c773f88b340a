package dev.wellspring.analysis;

import dev.wellspring.rank.Tail;

/// How the influence on one query is spread over documents. Ruis et al. 2024 (arXiv 2411.12580), finding 2.
///
/// @param positive of the documents that make the completion likelier
/// @param negative of those that make it less likely
/// @param effectiveDocuments (Σ|s|)² / Σs² over all documents
/// @param notANumber how many scores are NaN or infinite and left out
public record InfluenceSpread(TailSpread positive, TailSpread negative, double effectiveDocuments, long notANumber) {
    /// One end.
    public TailSpread tail(Tail tail) {
        return switch (tail) {
            case TOP -> positive;
            case BOTTOM -> negative;
        };
    }
}
