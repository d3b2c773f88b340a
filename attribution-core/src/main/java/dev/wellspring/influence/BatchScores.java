package dev.wellspring.influence;

import dev.wellspring.model.LinearModule;
import java.util.Map;

/// The scores of one packed batch, in nats per unit weight of the document; arrays are row-major.
///
/// @param documents D
/// @param queries Q
/// @param scores (D, Q)
/// @param rowScores (R, Q), or empty when not asked for
/// @param moduleScores (D, Q) for each module, or empty when not asked for
/// @param squaredNorms ‖G_d‖² over the block's modules, (D), or empty when not asked for
public record BatchScores(
        int documents,
        int queries,
        double[] scores,
        double[] rowScores,
        Map<LinearModule, double[]> moduleScores,
        double[] squaredNorms) {
    /// The score of one document for one query.
    public double score(int document, int query) {
        return scores[document * queries + query];
    }
}
