package dev.wellspring.influence;

import dev.wellspring.model.LinearModule;
import java.util.Arrays;
import java.util.Map;

/// The scores of one packed batch, in nats per unit weight of the document; arrays are row-major.
///
/// @param queries Q
/// @param offsets (D + 1) the first row of each document, and R
/// @param scores (D, Q)
/// @param rowScores (R, Q), or empty when not asked for
/// @param moduleScores (D, Q) for each module in the block's order, or empty when not asked for
/// @param squaredNorms ‖G_d‖² over the block's modules, (D), or empty when not asked for
public record BatchScores(
        int queries,
        int[] offsets,
        double[] scores,
        double[] rowScores,
        Map<LinearModule, double[]> moduleScores,
        double[] squaredNorms) {
    /// D.
    public int documents() {
        return offsets.length - 1;
    }

    /// One document's score for every query, (Q).
    public double[] ofDocument(int document) {
        return row(scores, document);
    }

    /// The share of each of one document's rows, (Q, T).
    public double[][] rowsOfDocument(int document) {
        int first = offsets[document];
        double[][] shares = new double[queries][offsets[document + 1] - first];
        for (int q = 0; q < queries; q++) {
            for (int t = 0; t < shares[q].length; t++) {
                shares[q][t] = rowScores[(first + t) * queries + q];
            }
        }
        return shares;
    }

    /// The share of each module in one document's scores, (modules, Q).
    public double[][] modulesOfDocument(int document) {
        return moduleScores.values().stream().map(all -> row(all, document)).toArray(double[][]::new);
    }

    private double[] row(double[] values, int index) {
        return Arrays.copyOfRange(values, index * queries, (index + 1) * queries);
    }
}
