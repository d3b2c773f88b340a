package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;

/// One linear map, out = W·a. As in the method, a bias is W's last column and a 1 is appended to the input, so
/// that one product computes both; such rows are padded with zeros to [#PADDING] numbers, so that they stay
/// aligned.
///
/// @param matrix (outputs, inputs), or (outputs, inputs + 1 + padding) with a bias
record Linear(LinearModule module, Tensor matrix) {
    /// 64 bytes of the narrowest type.
    private static final int PADDING = 32;

    static Linear allocate(Allocation allocation, DType type, LinearModule module) {
        return new Linear(module, allocation.allocate(type, module.outputs(), width(module.inputs(), module.bias())));
    }

    /// The width of the rows that a map of that many inputs reads.
    static int width(int inputs, boolean bias) {
        return bias ? Math.ceilDiv(inputs + 1, PADDING) * PADDING : inputs;
    }

    /// out = β·out + W·a for each row.
    ///
    /// @param input (R, at least the matrix' width), the column after the inputs 1 and the padding 0 when there
    ///     is a bias
    /// @param out (R, outputs)
    void forward(LinearAlgebra algebra, Tensor input, double beta, Tensor out) {
        algebra.gemm(1, input.columns(0, matrix.size(1)), matrix.transposed(), beta, out);
    }

    /// da = β·da + Wᵀ·g for each row.
    ///
    /// @param outputGradients g, (R, outputs)
    /// @param inputGradients da, (R, inputs)
    void backward(LinearAlgebra algebra, Tensor outputGradients, double beta, Tensor inputGradients) {
        algebra.gemm(1, outputGradients, matrix.columns(0, module.inputs()), beta, inputGradients);
    }

    /// W and the bias: (outputs, inputs + 1 if there is a bias).
    Tensor weights() {
        return matrix.columns(0, module.activationSize());
    }

    /// What a gradient is made of besides g: the input rows with the appended 1, if there is one.
    Tensor activations(Tensor input) {
        return input.columns(0, module.activationSize());
    }
}
