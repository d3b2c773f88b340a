package dev.wellspring.gradient;

import dev.wellspring.tensor.Precision;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// From factors back to C = U Vᵀ.
public final class FactorExpansion {
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

    /// The C of some documents as FLOAT32, out of their stored factors.
    ///
    /// @param values (rows, values) in `precision`
    /// @param scales (rows), or null where the precision has none
    /// @param target (rows, k_S·k_A), of which rows `from` to `to` are written
    public static void expand(
            StoredModule module,
            Precision precision,
            MemorySegment values,
            @Nullable MemorySegment scales,
            int from,
            int to,
            MemorySegment target) {
        double[] kept = new double[module.values()];
        double[] c = new double[module.dimensions()];
        for (int row = from; row < to; row++) {
            ValueEncoder.decode(values, precision, scales, row, kept);
            expand(module, kept, 0, c);
            ValueEncoder.encode(c, 0, c.length, Precision.FLOAT32, target, (long) row * c.length * Float.BYTES);
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
