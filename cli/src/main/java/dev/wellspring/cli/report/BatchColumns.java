package dev.wellspring.cli.report;

import dev.wellspring.rank.Normalisation;
import dev.wellspring.store.scores.ScoreBatch;

/// Columns of a batch in memory.
final class BatchColumns {
    private BatchColumns() {}

    /// (rows) the norm of each document's gradient.
    static double[] gradientNorms(ScoreBatch batch) {
        double[] norms = new double[batch.rowCount()];
        for (int row = 0; row < norms.length; row++) {
            norms[row] = batch.gradientNorm(row);
        }
        return norms;
    }

    /// Divides raw scores of a query, in place.
    ///
    /// @param scores (rows) what comes out is NaN for a division by zero
    /// @param loss −ln p(completion | prompt) of the query, nats
    /// @param norms (rows)
    static void normalise(double[] scores, double loss, double[] norms, Normalisation by) {
        for (int row = 0; by != Normalisation.RAW && row < scores.length; row++) {
            scores[row] = by.apply(scores[row], loss, norms[row]);
        }
    }
}
