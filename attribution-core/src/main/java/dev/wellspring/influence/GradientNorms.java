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
///
/// Where all documents of a batch are short, they go in one operation of the backend if it has one for them. Else on a
/// device, where a document's products are too small to keep it busy, neighbouring documents of one length go
/// together as far as scratch memory reaches, and the symmetric products are then formed in full.
public final class GradientNorms implements AutoCloseable {
    private final LinearAlgebra algebra;
    private final Scratch scratch;
    private final boolean together;

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
        this.together = algebra.device().isPresent();
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
        return Scratch.elements(maxRows)
                + Math.max(
                        2 * Scratch.elements(longestShort, longestShort),
                        Scratch.elements(module.outputs(), module.activationSize()));
    }

    /// Adds every document's ‖G_d‖².
    ///
    /// @param norms (D, 1), or more rows, of which the first are added to
    public void add(LinearModule module, Tensor activations, Tensor outputGradients, Segments segments, Tensor norms) {
        scratch.reset();
        boolean allShort = isShort(module, segments.longest());
        Tensor own = norms.rows(segments.count());
        if (allShort && algebra.addGradientNorms(activations, outputGradients, segments, own)) {
            return;
        }
        if (together) {
            addTogether(module, activations, outputGradients, segments, norms);
            return;
        }
        for (int d = 0; d < segments.count(); d++) {
            scratch.reset();
            addOne(
                    module,
                    activations.rows(segments.start(d), segments.end(d)),
                    outputGradients.rows(segments.start(d), segments.end(d)),
                    norms.select(0, d));
        }
    }

    /// Σ_t (g_s·g_t)(a_s·a_t) of every row s of short documents, summed by document in the end; long ones by
    /// themselves.
    private void addTogether(
            LinearModule module, Tensor activations, Tensor outputGradients, Segments segments, Tensor norms) {
        Tensor ofRows = scratch.take(segments.rows(), 1);
        algebra.fill(ofRows, 0);
        long mark = scratch.mark();
        for (int first = 0; first < segments.count(); ) {
            scratch.reset(mark);
            int count = segments.ofOneLength(first, atOnce(module, segments.length(first)));
            int from = segments.start(first);
            int to = segments.end(first + count - 1);
            if (isShort(module, segments.length(first))) {
                addShort(activations.rows(from, to), outputGradients.rows(from, to), count, ofRows.rows(from, to));
            } else {
                addOne(module, activations.rows(from, to), outputGradients.rows(from, to), norms.select(0, first));
            }
            first += count;
        }
        algebra.segmentSum(ofRows, segments, 1, norms.rows(segments.count()));
    }

    /// How many documents of that many rows go together: as many as scratch memory holds the products of, or
    /// one long one.
    private int atOnce(LinearModule module, int rows) {
        long each = 2 * Scratch.elements(Math.max(1, rows), rows);
        long free = scratch.elements() - scratch.mark();
        return isShort(module, rows) && each > 0 ? Math.clamp(free / each, 1, Integer.MAX_VALUE) : 1;
    }

    private void addOne(LinearModule module, Tensor a, Tensor g, Tensor norm) {
        if (isShort(module, g.size(0))) {
            Tensor gg = scratch.take(g.size(0), g.size(0));
            Tensor aa = scratch.take(a.size(0), a.size(0));
            algebra.rankUpdate(1, g.transposed(), 0, gg);
            algebra.rankUpdate(1, a.transposed(), 0, aa);
            algebra.dot(gg, aa, 1, norm);
        } else {
            Tensor gradient = scratch.take(module.outputs(), module.activationSize());
            algebra.gemm(1, g.transposed(), a, 0, gradient);
            algebra.dot(gradient, gradient, 1, norm);
        }
    }

    /// @param a (count·T, in), documents of one length
    /// @param ofRows (count·T, 1)
    private void addShort(Tensor a, Tensor g, int count, Tensor ofRows) {
        long length = g.size(0) / count;
        Tensor as = a.split(0, count, length);
        Tensor gs = g.split(0, count, length);
        Tensor gg = scratch.take(count, length, length);
        Tensor aa = scratch.take(count, length, length);
        algebra.batchedGemm(1, gs, gs.transposed(), 0, gg);
        algebra.batchedGemm(1, as, as.transposed(), 0, aa);
        algebra.rowDot(gg.reshape(count * length, 1, length), aa.reshape(count * length, 1, length), 0, ofRows);
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
