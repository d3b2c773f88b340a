package dev.wellspring.influence;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.List;

/// ‖G_d‖² of the documents of a batch for one module. A short document takes the Gram trick, ‖G‖² = Σ_st
/// (g_s·g_t)(a_s·a_t) with T²·(in + out) operations, since both matrices are symmetric; a long one forms G with
/// 2·T·in·out.
public final class GradientNorms implements AutoCloseable {
    private final LinearAlgebra algebra;
    private final Scratch scratch;

    /// With scratch memory of its own.
    ///
    /// @param type the element type of the rows
    public GradientNorms(LinearAlgebra algebra, List<LinearModule> modules, BatchCapacity capacity, DType type) {
        this(algebra, new Scratch(algebra, type.sumType(), scratchElements(modules, capacity)));
    }

    /// With the scratch memory of others.
    GradientNorms(LinearAlgebra algebra, Scratch scratch) {
        this.algebra = algebra;
        this.scratch = scratch;
    }

    /// The backend memory that an instance of its own takes, in bytes.
    public static long byteSize(List<LinearModule> modules, BatchCapacity capacity, DType type) {
        return scratchElements(modules, capacity) * type.sumType().byteSize();
    }

    private static long scratchElements(List<LinearModule> modules, BatchCapacity capacity) {
        return modules.stream()
                .mapToLong(module -> scratchElements(module, capacity.rows()))
                .max()
                .orElse(0);
    }

    /// Operations for one document of some rows.
    static long operations(LinearModule module, long rows) {
        return isShort(module, rows)
                ? rows * rows * (module.activationSize() + module.outputs() + 2L)
                : 2 * (rows + 1) * module.parameters();
    }

    /// Elements of scratch memory that a module may need, with documents of up to that many rows.
    static long scratchElements(LinearModule module, int maxRows) {
        long longestShort = Math.min(maxRows, 2 * module.parameters() / (module.activationSize() + module.outputs()));
        return Math.max(
                2 * Scratch.elements(longestShort, longestShort),
                Scratch.elements(module.outputs(), module.activationSize()));
    }

    /// Adds every document's ‖G_d‖².
    ///
    /// @param norms (D, 1)
    public void add(LinearModule module, Tensor activations, Tensor outputGradients, Segments segments, Tensor norms) {
        for (int d = 0; d < segments.count(); d++) {
            Tensor a = activations.rows(segments.start(d), segments.end(d));
            Tensor g = outputGradients.rows(segments.start(d), segments.end(d));
            scratch.reset();
            if (isShort(module, segments.length(d))) {
                Tensor gg = scratch.take(g.size(0), g.size(0));
                Tensor aa = scratch.take(a.size(0), a.size(0));
                algebra.rankUpdate(1, g.transposed(), 0, gg);
                algebra.rankUpdate(1, a.transposed(), 0, aa);
                algebra.dot(gg, aa, 1, norms.select(0, d));
            } else {
                Tensor gradient = scratch.take(module.outputs(), module.activationSize());
                algebra.gemm(1, g.transposed(), a, 0, gradient);
                algebra.dot(gradient, gradient, 1, norms.select(0, d));
            }
        }
    }

    static boolean isShort(LinearModule module, long rows) {
        return rows * (module.activationSize() + module.outputs()) < 2 * module.parameters();
    }

    /// Frees the scratch memory.
    @Override
    public void close() {
        scratch.close();
    }
}
