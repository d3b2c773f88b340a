package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// How a half of a block ends: a linear map leads back to the width of the stream, a norm may follow, and the
/// result is added to the stream.
///
/// @param norm null where there is none
/// @param branch what the norm reads, (R, hidden); null without a norm
/// @param statistics the norm's, (R, 2)
/// @param scratch shared memory for the norm's output or the gradient of its input, (R, hidden)
record Exit(
        LinearAlgebra algebra,
        DecoderConfig config,
        Linear linear,
        BlockWeights.@Nullable Norm norm,
        @Nullable Tensor branch,
        Tensor statistics,
        Tensor scratch) {

    /// sum = sum + norm(W·input).
    ///
    /// @param input (R, inputs [+ 1])
    /// @param sum (R, hidden), the stream
    void forward(Tensor input, Tensor sum) {
        long rows = input.size(0);
        if (norm == null || branch == null) {
            linear.forward(algebra, input, 1, sum);
            return;
        }
        linear.forward(algebra, input, 0, branch.rows(rows));
        algebra.normForward(
                config.norm().kind(),
                config.norm().epsilon(),
                branch.rows(rows),
                norm.weight(),
                norm.bias(),
                scratch.rows(rows),
                statistics.rows(rows));
        algebra.add(1, scratch.rows(rows), sum);
    }

    /// ∂loss/∂(W·input) from ∂loss/∂sum, which stays as it is.
    Tensor outputGradients(Tensor sumGradient, Tracking tracking) {
        long rows = sumGradient.size(0);
        if (norm == null || branch == null) {
            return sumGradient;
        }
        Tensor gradients = scratch.rows(rows);
        tracking.offer(norm, sumGradient, branch.rows(rows), statistics.rows(rows));
        algebra.normBackward(
                config.norm().kind(),
                sumGradient,
                branch.rows(rows),
                norm.weight(),
                statistics.rows(rows),
                0,
                gradients);
        return gradients;
    }
}
