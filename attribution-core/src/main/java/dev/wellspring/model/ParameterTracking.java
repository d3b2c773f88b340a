package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.Tensor;
import java.util.IdentityHashMap;

/// Every parameter is tracked: gradients are added to a second set of tensors, laid out like the weights.
final class ParameterTracking implements Tracking {
    private final LinearAlgebra algebra;
    private final IdentityHashMap<Tensor, Tensor> gradients = new IdentityHashMap<>();

    /// @param weights the layout of the weights that the model computes with
    /// @param gradients the layout of the tensors that are added to
    ParameterTracking(LinearAlgebra algebra, WeightLayout weights, WeightLayout gradients) {
        this.algebra = algebra;
        for (int i = 0; i < weights.held.size(); i++) {
            this.gradients.put(weights.held.get(i), gradients.held.get(i));
        }
    }

    @Override
    public boolean wants(Linear linear) {
        return true;
    }

    /// ∂loss/∂W = Σ_t g_t a_tᵀ, with the bias as its last column.
    @Override
    public void offer(Linear linear, Tensor input, Tensor outputGradients) {
        Tensor gradient = of(linear.matrix()).columns(0, linear.module().activationSize());
        algebra.gemm(1, outputGradients.transposed(), linear.activations(input), 1, gradient);
    }

    @Override
    public void offer(BlockWeights.Norm norm, Tensor dy, Tensor x, Tensor statistics) {
        Tensor bias = norm.bias() == null ? null : of(norm.bias());
        algebra.normWeightBackward(dy, x, statistics, of(norm.weight()), bias);
    }

    @Override
    public void offerHead(Tensor head, double scale, Tensor input, Tensor outputGradients) {
        algebra.gemm(scale, outputGradients.transposed(), input, 1, of(head));
    }

    /// Rows that were taken from a table by their number.
    void offerRows(Tensor table, double scale, Tensor indices, Tensor gradients) {
        algebra.scatterAdd(scale, gradients, indices, of(table));
    }

    private Tensor of(Tensor weight) {
        Tensor gradient = gradients.get(weight);
        if (gradient == null) {
            throw new IllegalArgumentException("weight: expected one of this model's, got " + weight);
        }
        return gradient;
    }
}
