package dev.wellspring.run.train;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import dev.wellspring.train.Trainer;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// What came of every step so far, kept with the state so that a run that goes on loses none of it.
///
/// @param values (steps, 4): tokens, rate, loss, norm of the gradient
record TrainingLog(LinearAlgebra algebra, Tensor values) {
    private static final int COLUMNS = 4;

    static Tensor allocate(LinearAlgebra algebra, long steps) {
        return algebra.allocate(DType.FLOAT64, steps, COLUMNS);
    }

    void put(long step, double rate, Trainer.Step result) {
        double[] row = {result.tokens(), rate, result.loss(), result.gradientNorm()};
        algebra.upload(MemorySegment.ofArray(row), DType.FLOAT64, values.rows(step, step + 1));
    }

    /// The mean loss of some steps.
    double meanLoss(long from, long to) {
        double sum = 0;
        for (long step = from; step < to; step++) {
            sum += row(step)[2];
        }
        return sum / (to - from);
    }

    /// `training.csv`: a line for each step.
    byte[] csv() {
        var text = new StringBuilder("step,tokens,rate,loss,gradient_norm\n");
        for (long step = 0; step < values.size(0); step++) {
            double[] row = row(step);
            text.append(
                    String.format(Locale.ROOT, "%d,%.0f,%.6g,%.6g,%.6g%n", step + 1, row[0], row[1], row[2], row[3]));
        }
        return text.toString().replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8);
    }

    private double[] row(long step) {
        double[] row = new double[COLUMNS];
        algebra.download(values.rows(step, step + 1), MemorySegment.ofArray(row), DType.FLOAT64);
        return row;
    }
}
