package dev.wellspring.linalg.cuda;

import java.util.Arrays;

/// Cholesky factors of small matrices, on the host, where they take a tenth of the time of eigenvectors.
final class CholeskyFactors {
    /// A column of which less than this is left beside those before it, squared and to its length, is taken for one
    /// that depends on them: the rest is rounding.
    private static final double DEPENDENT = 1e-12;

    private CholeskyFactors() {}

    /// R⁻¹, upper triangular, of one matrix G = RᵀR of a batch, or false where it has no such factor within
    /// rounding.
    ///
    /// @param symmetric (batch, n, n), row-major
    /// @param offset where the matrix begins
    /// @param inverses (batch, n, n), of which its place is filled
    static boolean inverse(double[] symmetric, int offset, int n, double[] inverses) {
        double[] factor = new double[n * n];
        if (!factor(symmetric, offset, n, factor)) {
            return false;
        }
        Arrays.fill(inverses, offset, offset + n * n, 0);
        invert(factor, n, inverses, offset);
        return true;
    }

    /// R of one matrix, row by row: R_ij = (G_ij − Σ_k R_ki·R_kj) / R_ii for j ≥ i.
    private static boolean factor(double[] g, int offset, int n, double[] r) {
        for (int i = 0; i < n; i++) {
            System.arraycopy(g, offset + i * n + i, r, i * n + i, n - i);
            for (int k = 0; k < i; k++) {
                double above = r[k * n + i];
                for (int j = i; j < n; j++) {
                    r[i * n + j] -= above * r[k * n + j];
                }
            }
            double left = r[i * n + i];
            if (!(left > DEPENDENT * g[offset + i * n + i])) {
                return false;
            }
            double scale = 1 / Math.sqrt(left);
            for (int j = i; j < n; j++) {
                r[i * n + j] *= scale;
            }
        }
        return true;
    }

    /// T = R⁻¹, from the last row up: T_i = (e_i − Σ_{k > i} R_ik·T_k) / R_ii.
    private static void invert(double[] r, int n, double[] inverse, int offset) {
        for (int i = n - 1; i >= 0; i--) {
            int row = offset + i * n;
            inverse[row + i] = 1;
            for (int k = i + 1; k < n; k++) {
                double factor = r[i * n + k];
                int below = offset + k * n;
                for (int j = k; j < n; j++) {
                    inverse[row + j] -= factor * inverse[below + j];
                }
            }
            double scale = 1 / r[i * n + i];
            for (int j = i; j < n; j++) {
                inverse[row + j] *= scale;
            }
        }
    }
}
