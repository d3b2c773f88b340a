package dev.wellspring.influence;

/// How ⟨P_q, G_d⟩ of one module is computed.
public enum Contraction {
    /// Σ_t (U g_t)·(V a_t), or Σ_t g_tᵀ P_q a_t when P_q is full: row by row, without forming G_d.
    ROWS,
    /// G_d is formed once, and one product multiplies it with all queries; where P_q is kept as factors, it is
    /// expanded a few queries at a time.
    FORMED
}
