package dev.wellspring.curvature;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Q_A and Q_S of every module, on the backend, for the pass that measures Λ. Modules that read the same input share
/// one Q_A, provided the factors folder holds the same bytes for them.
public final class ModuleBases implements AutoCloseable {
    /// Sixteen bytes of the narrowest type.
    private static final int STEP = 8;

    private final Workspace memory;
    private final Map<LinearModule, Tensor> activation = new LinkedHashMap<>();
    private final Map<LinearModule, Tensor> gradient = new LinkedHashMap<>();

    private ModuleBases(Workspace memory) {
        this.memory = memory;
    }

    /// Reads the eigenvectors of a factors folder.
    ///
    /// @param type the element type to hold them in
    /// @throws dev.wellspring.model.checkpoint.CheckpointException when some are missing
    public static ModuleBases load(LinearAlgebra algebra, FactorFiles files, List<LinearModule> modules, DType type)
            throws IOException {
        var bases = new ModuleBases(new Workspace(algebra));
        try {
            for (List<LinearModule> group : InputGroups.of(modules).values()) {
                bases.loadGroup(algebra, files, group, type);
            }
            return bases;
        } catch (IOException | RuntimeException e) {
            bases.close();
            throw e;
        }
    }

    /// The backend memory that the bases of these modules take, in bytes.
    public static long byteSize(List<LinearModule> modules, DType type) {
        return CovarianceAccumulator.elements(modules) * type.byteSize();
    }

    /// The width of rows that Q_A rotated: in, or the next multiple of 16 bytes, with zeros, since a bias
    /// leaves rows at which products on tensor cores are slow.
    static long rotatedWidth(LinearModule module) {
        return filledUp(module.activationSize());
    }

    /// Q_A, (in, in).
    Tensor activation(LinearModule module) {
        return filledUpActivation(module).columns(0, module.activationSize());
    }

    /// Q_A with columns of zeros behind it, (in, [#rotatedWidth]).
    Tensor filledUpActivation(LinearModule module) {
        return of(activation, module);
    }

    /// Q_S, (out, out).
    Tensor gradient(LinearModule module) {
        return of(gradient, module);
    }

    @Override
    public void close() {
        memory.close();
    }

    private void loadGroup(LinearAlgebra algebra, FactorFiles files, List<LinearModule> group, DType type)
            throws IOException {
        for (LinearModule module : group) {
            LinearModule first = group.getFirst();
            Tensor shared = activation.get(first);
            if (shared == null || !files.same(FactorKind.ACTIVATION_EIGENVECTORS, first, module)) {
                long size = module.activationSize();
                shared = vectors(type, size, rotatedWidth(module));
                files.read(algebra, FactorKind.ACTIVATION_EIGENVECTORS, module, shared.columns(0, size));
            }
            activation.put(module, shared);
            Tensor own = vectors(type, module.outputs(), module.outputs());
            files.read(algebra, FactorKind.GRADIENT_EIGENVECTORS, module, own);
            gradient.put(module, own);
        }
    }

    /// Room for the columns of a basis, (size, width). In BFLOAT16 one lies after the other, so that a product of
    /// rows with them reads both along the lines it adds up: oneDNN is a tenth faster then, others are not.
    private Tensor vectors(DType type, long size, long width) {
        return type == DType.BFLOAT16
                ? memory.allocate(type, width, filledUp(size)).columns(0, size).transposed()
                : memory.allocate(type, size, width);
    }

    private static long filledUp(long size) {
        return Math.ceilDiv(size, STEP) * (long) STEP;
    }

    private static Tensor of(Map<LinearModule, Tensor> bases, LinearModule module) {
        Tensor basis = bases.get(module);
        if (basis == null) {
            throw new IllegalArgumentException("module: expected one of those loaded, got " + module.name());
        }
        return basis;
    }
}
