package dev.wellspring.influence;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.Tensor;

/// Scores row by row: Σ_j (U g_t)_j (V a_t)_j, or g_tᵀ P_q a_t when P_q is full.
final class RowContraction {
    private final LinearAlgebra algebra;
    private final Scratch scratch;
    private final int queries;
    private final long budget;

    /// @param budget elements of scratch memory to stay within if one row fits
    RowContraction(LinearAlgebra algebra, Scratch scratch, int queries, long budget) {
        this.algebra = algebra;
        this.scratch = scratch;
        this.queries = queries;
        this.budget = budget;
    }

    /// Elements of scratch memory that a module needs.
    static long scratchElements(LinearModule module, int rank, int queries, int maxRows, long budget) {
        long rows = rowsAtOnce(module, rank, queries, maxRows, budget);
        return rank > 0
                ? 2 * Scratch.elements(rows, (long) queries * rank)
                : Scratch.elements(rows, module.activationSize());
    }

    static long rowsAtOnce(LinearModule module, int rank, int queries, long rows, long budget) {
        long perRow = rank > 0 ? 2L * queries * rank : module.activationSize();
        return Math.clamp(budget / perRow, 1, Math.max(1, rows));
    }

    /// Writes g_tᵀ P_q a_t of every row.
    ///
    /// @param scores (R, Q)
    void score(LinearModule module, QueryForm form, Tensor activations, Tensor outputGradients, Tensor scores) {
        long rows = activations.size(0);
        int rank = switch (form) {
            case QueryForm.Full full -> 0;
            case QueryForm.Factored factored -> factored.rank();
        };
        long step = rowsAtOnce(module, rank, queries, rows, budget);
        for (long from = 0; from < rows; from += step) {
            long to = Math.min(rows, from + step);
            Tensor a = activations.rows(from, to);
            Tensor g = outputGradients.rows(from, to);
            scratch.reset();
            switch (form) {
                case QueryForm.Factored(Tensor u, Tensor v) -> {
                    Tensor gu = product(g, u);
                    Tensor av = product(a, v);
                    algebra.rowDot(gu, av, 0, scores.rows(from, to));
                }
                case QueryForm.Full(Tensor p) -> {
                    Tensor gp = scratch.take(to - from, module.activationSize());
                    for (int q = 0; q < queries; q++) {
                        algebra.gemm(1, g, p.select(0, q), 0, gp);
                        algebra.rowDot(
                                oneVector(gp),
                                oneVector(a),
                                0,
                                scores.rows(from, to).columns(q, q + 1));
                    }
                }
            }
        }
    }

    /// x·factorᵀ for all queries at once: (rows, n) times (Q, r, n) gives (rows, Q, r).
    private Tensor product(Tensor x, Tensor factor) {
        long rank = factor.size(1);
        Tensor result = scratch.take(x.size(0), queries * rank);
        algebra.gemm(1, x, factor.reshape(queries * rank, factor.size(2)).transposed(), 0, result);
        return result.split(1, queries, rank);
    }

    private static Tensor oneVector(Tensor rows) {
        return rows.split(1, 1, rows.size(1));
    }
}
