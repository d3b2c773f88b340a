package dev.wellspring.model;

import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;

/// Receives, during the backward pass, what a tracked module's gradient is made of: G = Σ_t g_t a_tᵀ. The tensors are
/// only valid during the call.
@FunctionalInterface
public interface GradientTap {
    /// @param module the module; calls come in the order of the backward pass, last layer first
    /// @param activations a, (R, module.activationSize()), the last column 1 when the module has a bias
    /// @param outputGradients g = ∂(Σ losses)/∂output, (R, module.outputs())
    /// @param segments the documents of the batch
    void accept(LinearModule module, Tensor activations, Tensor outputGradients, Segments segments);
}
