package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.Tensor;

/// Gradients of a linear map's weights, sequence by sequence: G_d = Σ_t g_t a_tᵀ.
public final class SequenceGradients {
    private SequenceGradients() {}

    /// Forms those of D sequences of one length T, which are packed one after the other.
    ///
    /// @param outputGradients g, (D·T, out)
    /// @param activations a, (D·T, in)
    /// @param gradients (D, out, in), overwritten
    public static void form(LinearAlgebra algebra, Tensor outputGradients, Tensor activations, Tensor gradients) {
        long count = gradients.size(0);
        if (count == 1) {
            algebra.gemm(1, outputGradients.transposed(), activations, 0, gradients.select(0, 0));
            return;
        }
        long length = outputGradients.size(0) / count;
        algebra.batchedGemm(
                1,
                outputGradients.split(0, count, length).transposed(),
                activations.split(0, count, length),
                0,
                gradients);
    }
}
