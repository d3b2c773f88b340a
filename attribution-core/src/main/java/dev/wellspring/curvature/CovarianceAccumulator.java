package dev.wellspring.curvature;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.ExactState;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The first pass over the fitting documents: the sums Σ a aᵀ and Σ g gᵀ of every module, and how many rows are
/// in them.
///
/// Products are formed in the type of the rows, one symmetric rank update per batch; the sums are of
/// [DocumentSums#sumType]. Modules that read the same input share one Σ a aᵀ.
public final class CovarianceAccumulator implements DocumentSums {
    private static final String ACTIVATION = "activation/";
    private static final String GRADIENT = "gradient/";

    private final LinearAlgebra algebra;
    private final Workspace memory;
    private final List<LinearModule> modules;
    private final Map<String, List<LinearModule>> groups;
    private final Map<String, Tensor> sums = new LinkedHashMap<>();
    private final Map<String, Long> rows = new LinkedHashMap<>();
    private boolean mirrored = true;

    /// All sums zero.
    ///
    /// @param rowType the element type of the rows that will come
    public CovarianceAccumulator(LinearAlgebra algebra, List<LinearModule> modules, DType rowType) {
        DType type = DocumentSums.sumType(rowType);
        this.algebra = algebra;
        this.memory = new Workspace(algebra);
        this.modules = List.copyOf(modules);
        this.groups = InputGroups.of(modules);
        groups.forEach((name, group) -> {
            long in = group.getFirst().activationSize();
            sums.put(ACTIVATION + name, memory.allocate(type, in, in));
        });
        for (LinearModule module : modules) {
            sums.put(GRADIENT + module.name(), memory.allocate(type, module.outputs(), module.outputs()));
            rows.put(module.name(), 0L);
        }
    }

    /// The backend memory that an accumulator for these modules holds, in bytes.
    ///
    /// @param rowType the element type of the rows
    public static long byteSize(List<LinearModule> modules, DType rowType) {
        return DocumentSums.sumType(rowType).byteSize() * elements(modules);
    }

    /// The numbers in the covariances of some modules.
    static long elements(List<LinearModule> modules) {
        long activations = InputGroups.of(modules).values().stream()
                .mapToLong(group -> square(group.getFirst().activationSize()))
                .sum();
        long gradients =
                modules.stream().mapToLong(module -> square(module.outputs())).sum();
        return activations + gradients;
    }

    @Override
    public void accept(LinearModule module, Tensor activations, Tensor outputGradients, Segments segments) {
        Tensor gradientSum = sum(GRADIENT + module.name());
        if (groups.getOrDefault(module.inputGroup(), List.of()).getFirst().equals(module)) {
            algebra.lowerRankUpdate(1, activations, 1, sum(ACTIVATION + module.inputGroup()));
        }
        algebra.lowerRankUpdate(1, outputGradients, 1, gradientSum);
        mirrored = false;
        rows.merge(module.name(), outputGradients.size(0), Long::sum);
    }

    /// Adds sums over other documents, of the same modules, on this device or another.
    public void add(CovarianceAccumulator other) {
        SumsAcross.add(other.algebra, other.sums, algebra, sums);
        rows.replaceAll((name, count) -> count + other.rows.getOrDefault(name, 0L));
        mirrored &= other.mirrored;
    }

    /// The modules, in the order given.
    public List<LinearModule> modules() {
        return modules;
    }

    /// Σ a aᵀ over all rows so far, (in, in); one tensor for all modules that share their input.
    public Tensor activationSum(LinearModule module) {
        mirror();
        return sum(ACTIVATION + module.inputGroup());
    }

    /// Σ g gᵀ over all rows so far, (out, out).
    public Tensor gradientSum(LinearModule module) {
        mirror();
        return sum(GRADIENT + module.name());
    }

    /// Makes the sums whole, which asking for one does too: while rows are added, only what is below the diagonals
    /// is kept up.
    void mirror() {
        if (!mirrored) {
            sums.values().forEach(algebra::mirror);
            mirrored = true;
        }
    }

    /// The number of rows in a module's sums.
    public long rows(LinearModule module) {
        return rows.getOrDefault(module.name(), 0L);
    }

    @Override
    public void save(Path file) throws IOException {
        mirror();
        ExactState.save(algebra, file, sums, rows);
    }

    @Override
    public void restore(Path file) throws IOException {
        ExactState.restore(algebra, file, sums, rows);
    }

    @Override
    public void close() {
        memory.close();
    }

    private Tensor sum(String name) {
        Tensor sum = sums.get(name);
        if (sum == null) {
            throw new IllegalArgumentException("module: expected one of the tracked ones, got " + name);
        }
        return sum;
    }

    private static long square(long n) {
        return n * n;
    }
}
