package dev.wellspring.model;

import dev.wellspring.tensor.Tensor;
import java.util.Collection;

/// Which parts of a model a backward pass is made for, and where what it finds goes.
interface Tracking {
    /// Whether a map's gradient is wanted.
    boolean wants(Linear linear);

    /// Whether the gradient of any of the maps is wanted.
    default boolean any(Collection<Linear> linears) {
        return linears.stream().anyMatch(this::wants);
    }

    /// Hands a map's input rows and output gradients on, if they are wanted.
    ///
    /// @param input (R, at least the map's inputs), with the appended 1 and its padding when it has a bias
    /// @param outputGradients g, (R, outputs)
    void offer(Linear linear, Tensor input, Tensor outputGradients);

    /// Hands on what the language-model head's own gradient is made of, if it is wanted: scale·gᵀ·a.
    ///
    /// @param head (V, hidden), which may be the embedding table
    /// @param input a, (R, hidden)
    /// @param outputGradients g = ∂loss/∂logits, (R, V)
    void offerHead(Tensor head, double scale, Tensor input, Tensor outputGradients);

    /// Hands on what a norm's own gradients are made of, if they are wanted.
    ///
    /// @param dy ∂loss/∂output, (R, n) or (R, H, n)
    /// @param x the norm's input, of the same shape
    /// @param statistics of the forward pass
    void offer(BlockWeights.Norm norm, Tensor dy, Tensor x, Tensor statistics);
}
