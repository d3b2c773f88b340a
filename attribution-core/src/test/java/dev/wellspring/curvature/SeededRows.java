package dev.wellspring.curvature;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.GradientTap;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// What a backward pass hands out, without a model: rows of seeded numbers for three modules, of which two
/// share their input and one has a bias.
///
/// @param lengths the rows of each document
public record SeededRows(int... lengths) {
    public static final LinearModule GATE =
            new LinearModule("mlp.gate", 0, LinearModule.Part.MLP, 6, 9, false, "mlp.input");
    public static final LinearModule UP =
            new LinearModule("mlp.up", 0, LinearModule.Part.MLP, 6, 9, false, "mlp.input");
    public static final LinearModule DOWN =
            new LinearModule("mlp.down", 0, LinearModule.Part.MLP, 9, 7, true, "mlp.hidden");
    public static final List<LinearModule> MODULES = List.of(GATE, UP, DOWN);

    /// Hands out one packed batch of some documents, last module first.
    public void replay(LinearAlgebra algebra, DType type, GradientTap tap, int... documents) {
        int[] offsets = new int[documents.length + 1];
        for (int d = 0; d < documents.length; d++) {
            offsets[d + 1] = offsets[d] + lengths[documents[d]];
        }
        try (Workspace work = new Workspace(algebra);
                Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_INT, offsets);
            Tensor onBackend = work.allocate(DType.INT32, offsets.length);
            algebra.upload(bytes, DType.INT32, onBackend);
            var segments = new Segments(offsets, onBackend);
            for (LinearModule module : MODULES.reversed()) {
                Tensor a = work.allocate(type, segments.rows(), module.activationSize());
                Tensor g = work.allocate(type, segments.rows(), module.outputs());
                for (int d = 0; d < documents.length; d++) {
                    HostArrays.upload(
                            algebra, flat(activations(module, documents[d])), a.rows(offsets[d], offsets[d + 1]));
                    HostArrays.upload(
                            algebra, flat(gradients(module, documents[d])), g.rows(offsets[d], offsets[d + 1]));
                }
                tap.accept(module, a, g, segments);
            }
        }
    }

    /// Hands out all documents in one batch.
    public void replayAll(LinearAlgebra algebra, DType type, GradientTap tap) {
        int[] all = new int[lengths.length];
        for (int d = 0; d < all.length; d++) {
            all[d] = d;
        }
        replay(algebra, type, tap, all);
    }

    /// a of one document, (rows, in).
    public double[][] activations(LinearModule module, int document) {
        double[][] rows = normals(module.inputGroup().hashCode(), document, module.activationSize());
        if (module.bias()) {
            for (double[] row : rows) {
                row[module.inputs()] = 1;
            }
        }
        return rows;
    }

    /// g of one document, (rows, out).
    public double[][] gradients(LinearModule module, int document) {
        return normals(module.name().hashCode(), document, module.outputs());
    }

    /// G = Σ_t g_t a_tᵀ of one document, (out, in), by plain sums.
    public double[][] gradient(LinearModule module, int document) {
        double[][] a = activations(module, document);
        double[][] g = gradients(module, document);
        double[][] sum = new double[module.outputs()][module.activationSize()];
        for (int t = 0; t < a.length; t++) {
            for (int o = 0; o < sum.length; o++) {
                for (int i = 0; i < sum[o].length; i++) {
                    sum[o][i] += g[t][o] * a[t][i];
                }
            }
        }
        return sum;
    }

    /// Row after row.
    public static double[] flat(double[][] matrix) {
        return Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray();
    }

    private double[][] normals(int stream, int document, int width) {
        RandomGenerator random = new SplittableRandom(31L * stream + document);
        double[][] rows = new double[lengths[document]][width];
        for (double[] row : rows) {
            for (int i = 0; i < width; i++) {
                row[i] = random.nextGaussian();
            }
        }
        return rows;
    }
}
