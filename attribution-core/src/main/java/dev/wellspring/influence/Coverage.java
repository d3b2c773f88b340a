package dev.wellspring.influence;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.HostArrays;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.GradientTap;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a choice of modules leaves out: Σ_d ‖G_d‖² of every linear module over a sample of documents.
public final class Coverage implements GradientTap, AutoCloseable {
    private final LinearAlgebra algebra;
    private final BatchCapacity capacity;
    private final Workspace memory;
    private final GradientNorms gradientNorms;
    private final Tensor norms;
    private final Map<LinearModule, Double> squaredNorms = new LinkedHashMap<>();

    /// @param modules all linear modules, tracked or not
    /// @param type the element type of the rows
    public Coverage(LinearAlgebra algebra, List<LinearModule> modules, BatchCapacity capacity, DType type) {
        this.algebra = algebra;
        this.capacity = capacity;
        this.memory = new Workspace(algebra);
        this.gradientNorms = new GradientNorms(algebra, modules, capacity, type);
        this.norms = memory.allocate(DType.FLOAT64, capacity.documents(), 1);
        modules.forEach(module -> squaredNorms.put(module, 0.0));
    }

    /// The backend memory that it takes, in bytes.
    public static long byteSize(List<LinearModule> modules, BatchCapacity capacity, DType type) {
        return GradientNorms.byteSize(modules, capacity, type) + (long) capacity.documents() * DType.FLOAT64.byteSize();
    }

    /// One module's part.
    ///
    /// @param tracked whether scores see it
    /// @param share of the squared gradient norm of all linear modules, 0 to 1; 0 when that norm is zero
    public record Share(LinearModule module, boolean tracked, double share) {}

    /// What a choice of modules covers. Embeddings, norms and the language-model head have no gradient here;
    /// they count as other parameters.
    ///
    /// @param shares one for each linear module
    /// @param trackedParameters in tracked modules
    /// @param untrackedParameters in the other linear modules
    /// @param otherParameters of the model, outside of linear modules
    public record Summary(List<Share> shares, long trackedParameters, long untrackedParameters, long otherParameters) {
        /// The tracked modules' share of the squared gradient norm of all linear modules.
        public double trackedShare() {
            return shares.stream()
                    .filter(Share::tracked)
                    .mapToDouble(Share::share)
                    .sum();
        }
    }

    @Override
    public void accept(LinearModule module, Tensor activations, Tensor outputGradients, Segments segments) {
        capacity.require(segments.rows(), segments.count());
        if (!squaredNorms.containsKey(module)) {
            throw new IllegalArgumentException("module: expected one of those given, got " + module.name());
        }
        algebra.fill(norms, 0);
        gradientNorms.add(module, activations, outputGradients, segments, norms);
        for (double norm : HostArrays.download(algebra, norms.rows(segments.count()))) {
            squaredNorms.merge(module, norm, Double::sum);
        }
    }

    /// What the sample so far says about a choice of modules.
    ///
    /// @param modelParameters of the whole model
    public Summary summary(Set<LinearModule> tracked, long modelParameters) {
        double total =
                squaredNorms.values().stream().mapToDouble(Double::doubleValue).sum();
        List<Share> shares = new ArrayList<>();
        long trackedParameters = 0;
        long untrackedParameters = 0;
        for (Map.Entry<LinearModule, Double> entry : squaredNorms.entrySet()) {
            LinearModule module = entry.getKey();
            boolean isTracked = tracked.contains(module);
            shares.add(new Share(module, isTracked, total == 0 ? 0 : entry.getValue() / total));
            trackedParameters += isTracked ? module.parameters() : 0;
            untrackedParameters += isTracked ? 0 : module.parameters();
        }
        long other = modelParameters - trackedParameters - untrackedParameters;
        return new Summary(List.copyOf(shares), trackedParameters, untrackedParameters, other);
    }

    @Override
    public void close() {
        gradientNorms.close();
        memory.close();
    }
}
