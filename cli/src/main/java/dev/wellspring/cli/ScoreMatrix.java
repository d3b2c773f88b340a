package dev.wellspring.cli;

import dev.wellspring.rank.Normalisation;
import dev.wellspring.store.scores.RowValue;
import dev.wellspring.store.scores.ScoreFolder;
import java.nio.file.Path;
import java.util.Arrays;

/// All scores of a small run, in memory.
///
/// @param raw (queries, documents) in nats
/// @param gradientNorms (documents)
record ScoreMatrix(double[][] raw, double[] gradientNorms) {
    /// Reads a finished run.
    static ScoreMatrix read(Path run) {
        FinishedScores.require(run);
        try (ScoreFolder folder = ScoreFolder.open(run)) {
            double[][] raw = new double[folder.layout().queries().size()][];
            for (int q = 0; q < raw.length; q++) {
                raw[q] = folder.column(RowValue.influence(q, 1, Normalisation.RAW));
            }
            return new ScoreMatrix(raw, folder.column(RowValue.GRADIENT_NORM));
        }
    }

    /// (queries, documents) divided by the norms of the documents' gradients: of plain dot products, cosines.
    double[][] normalised() {
        double[][] divided = new double[raw.length][];
        for (int q = 0; q < raw.length; q++) {
            divided[q] = raw[q].clone();
            for (int d = 0; d < divided[q].length; d++) {
                divided[q][d] = gradientNorms[d] == 0 ? 0 : divided[q][d] / gradientNorms[d];
            }
        }
        return divided;
    }

    /// (queries, documents) the norms, the same for every query.
    double[][] norms() {
        double[][] norms = new double[raw.length][];
        Arrays.fill(norms, gradientNorms);
        return norms;
    }
}
