package dev.wellspring.gradient;

import java.util.Arrays;

/// From factors back to C = U Vᵀ.
final class FactorExpansion {
    private FactorExpansion() {}

    /// The C of one document; for a module whose C itself is kept, a copy.
    ///
    /// @param kept its numbers begin at `from`
    /// @param target (k_S·k_A), overwritten
    static void expand(StoredModule module, double[] kept, int from, double[] target) {
        if (module.rank() == 0) {
            System.arraycopy(kept, from, target, 0, module.dimensions());
            return;
        }
        int s = module.gradientDirections();
        int a = module.activationDirections();
        int right = from + module.rank() * s;
        Arrays.fill(target, 0, module.dimensions(), 0);
        for (int r = 0; r < module.rank(); r++) {
            for (int i = 0; i < s; i++) {
                double u = kept[from + r * s + i];
                for (int j = 0; j < a; j++) {
                    target[i * a + j] += u * kept[right + r * a + j];
                }
            }
        }
    }

    /// Uᵀ and Vᵀ, one behind the other, from U (s, rank), which has the singular values, and V (a, rank).
    static void balance(double[] u, double[] v, int rank, double[] target, int from) {
        int s = u.length / rank;
        int a = v.length / rank;
        for (int r = 0; r < rank; r++) {
            double square = 0;
            for (int i = 0; i < s; i++) {
                square += u[i * rank + r] * u[i * rank + r];
            }
            double root = Math.sqrt(Math.sqrt(square)); // √σ
            for (int i = 0; i < s; i++) {
                target[from + r * s + i] = root == 0 ? 0 : u[i * rank + r] / root;
            }
            for (int j = 0; j < a; j++) {
                target[from + rank * s + r * a + j] = v[j * rank + r] * root;
            }
        }
    }
}
