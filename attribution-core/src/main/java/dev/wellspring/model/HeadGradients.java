package dev.wellspring.model;

import dev.wellspring.tensor.Tensor;

/// Where the end of a decoder's backward pass waits for a later pass over the same batch: the gradient of its losses
/// with respect to what left the last block. It depends on the labels alone, not on what is tracked, so that whoever
/// has it needs no logits, which for a small model are most of a pass.
public interface HeadGradients {
    /// None are there, and none are kept.
    HeadGradients NONE = new HeadGradients() {
        @Override
        public boolean take(Tensor gradients) {
            return false;
        }

        @Override
        public void keep(Tensor gradients) {}
    };

    /// Fills in those of the batch, if they are there.
    ///
    /// @param gradients (rows, hidden)
    /// @return whether they are
    boolean take(Tensor gradients);

    /// Those of the batch, which were not there; keeping them is no duty.
    ///
    /// @param gradients (rows, hidden)
    void keep(Tensor gradients);
}
