package dev.wellspring.influence;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.HostArrays;
import dev.wellspring.curvature.Preconditioner;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.GradientTap;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.Map;

/// ⟨P_d, G_d⟩ of every document of a batch: its influence on itself, summed over modules.
///
/// Cost per document and module: one preconditioning, 4·in·out·(in + out) operations.
public final class SelfInfluence implements GradientTap, AutoCloseable {
    private final LinearAlgebra algebra;
    private final Map<LinearModule, Preconditioner> preconditioners;
    private final BatchCapacity capacity;
    private final Workspace memory;
    private final Tensor gradient;
    private final Tensor preconditioned;
    private final Tensor scores;
    private int documents;

    /// @param preconditioners of every module; they stay the caller's
    /// @param type the element type to compute in: FLOAT64 or FLOAT32
    public SelfInfluence(
            LinearAlgebra algebra,
            Map<LinearModule, Preconditioner> preconditioners,
            BatchCapacity capacity,
            DType type) {
        this.algebra = algebra;
        this.preconditioners = Map.copyOf(preconditioners);
        this.capacity = capacity;
        this.memory = new Workspace(algebra);
        long largest = preconditioners.keySet().stream()
                .mapToLong(LinearModule::parameters)
                .max()
                .orElse(0);
        this.gradient = memory.allocate(type, largest);
        this.preconditioned = memory.allocate(type, largest);
        this.scores = memory.allocate(DType.FLOAT64, capacity.documents(), 1);
    }

    @Override
    public void accept(LinearModule module, Tensor activations, Tensor outputGradients, Segments segments) {
        capacity.require(segments.rows(), segments.count());
        Preconditioner preconditioner = preconditioners.get(module);
        if (preconditioner == null) {
            throw new IllegalArgumentException("module: expected one with a preconditioner, got " + module.name());
        }
        documents = segments.count();
        Tensor g = gradient.rows(module.parameters()).reshape(1, module.outputs(), module.activationSize());
        Tensor p = preconditioned.rows(module.parameters()).reshape(g.shape());
        for (int d = 0; d < documents; d++) {
            Tensor rows = outputGradients.rows(segments.start(d), segments.end(d));
            Tensor inputs = activations.rows(segments.start(d), segments.end(d));
            algebra.gemm(1, rows.transposed(), inputs, 0, g.select(0, 0));
            preconditioner.apply(g, p);
            algebra.dot(p, g, 1, scores.select(0, d));
        }
    }

    /// Ends the batch: its documents' self-influence, (D), in nats per unit weight.
    public double[] finish() {
        double[] result = HostArrays.download(algebra, scores.rows(documents));
        algebra.fill(scores, 0);
        documents = 0;
        return result;
    }

    @Override
    public void close() {
        memory.close();
    }
}
