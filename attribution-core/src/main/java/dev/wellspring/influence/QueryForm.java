package dev.wellspring.influence;

import dev.wellspring.tensor.Tensor;

/// The preconditioned gradients of all queries for one module, as they are kept.
sealed interface QueryForm {
    /// @param p P_q, (Q, out, in)
    record Full(Tensor p) implements QueryForm {}

    /// P_q ≈ Uᵀ V with one row per rank, so that all queries together are one matrix of Q·r rows.
    ///
    /// @param u (Q, r, out): left singular vectors times singular values
    /// @param v (Q, r, in): right singular vectors
    record Factored(Tensor u, Tensor v) implements QueryForm {
        int rank() {
            return u.length(1);
        }
    }
}
