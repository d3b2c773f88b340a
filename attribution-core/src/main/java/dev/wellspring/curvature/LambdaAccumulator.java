package dev.wellspring.curvature;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.SequenceGradients;
import dev.wellspring.model.checkpoint.ExactState;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The second pass over the fitting documents: the sum over sequences of (Q_Sᵀ G_i Q_A)² (George et al., 2018,
/// proposition 2), or of G_i² in the parameter basis for the diagonal strategy.
///
/// The rows of a batch are rotated by two large products, a·Q_A and g·Q_S; one product per document then gives
/// Q_Sᵀ G_i Q_A = Σ_t (Q_Sᵀ g_t)(Q_Aᵀ a_t)ᵀ, whose squares are added up in [DocumentSums#sumType]. Where there is
/// memory for it, products of neighbouring documents of one length are formed together, and the sum is read and
/// written once for all of them; where a backend adds squares of products as it forms them, none is in memory.
///
/// Cost per batch and module: 2·R·(in² + out² + in·out) operations.
public final class LambdaAccumulator implements DocumentSums {
    private final LinearAlgebra algebra;
    private final Workspace memory;
    private final List<LinearModule> modules;
    private final Optional<ModuleBases> bases;
    private final BatchCapacity capacity;
    private final long productBytes;
    private final Map<String, Tensor> sums = new LinkedHashMap<>();
    private final Map<String, Long> sequences = new LinkedHashMap<>();
    private final Tensor rotatedActivations;
    private final Tensor rotatedGradients;
    private final Tensor product;

    private @Nullable Tensor lastInput;
    private @Nullable Segments lastSegments;
    private String lastGroup = "";

    private LambdaAccumulator(
            LinearAlgebra algebra,
            List<LinearModule> modules,
            Optional<ModuleBases> bases,
            BatchCapacity capacity,
            DType type,
            long productBytes) {
        this.algebra = algebra;
        this.memory = new Workspace(algebra);
        this.modules = List.copyOf(modules);
        this.bases = bases;
        this.capacity = capacity;
        this.productBytes = productBytes;
        for (LinearModule module : modules) {
            long width = width(module, bases.isPresent());
            sums.put(
                    module.name(),
                    memory.allocate(DocumentSums.sumType(type), module.outputs(), width)
                            .columns(0, module.activationSize()));
            sequences.put(module.name(), 0L);
        }
        var scratch = Scratch.of(
                modules,
                bases.isPresent(),
                capacity,
                productBytes / type.sumType().byteSize());
        this.rotatedActivations = memory.allocate(type, scratch.activations);
        this.rotatedGradients = memory.allocate(type, scratch.gradients);
        this.product = memory.allocate(type.sumType(), scratch.product);
    }

    /// Λ in the Kronecker-factored eigenbasis, for EK-FAC.
    ///
    /// @param bases stay the caller's, and open as long as this accumulates
    /// @param type the element type of rotated rows; products of them are FLOAT32 at least
    /// @param productBytes what products of several documents may take; 0 forms one at a time
    public static LambdaAccumulator inEigenbasis(
            LinearAlgebra algebra,
            List<LinearModule> modules,
            ModuleBases bases,
            BatchCapacity capacity,
            DType type,
            long productBytes) {
        return new LambdaAccumulator(algebra, modules, Optional.of(bases), capacity, type, productBytes);
    }

    /// The same with one product at a time.
    public static LambdaAccumulator inEigenbasis(
            LinearAlgebra algebra, List<LinearModule> modules, ModuleBases bases, BatchCapacity capacity, DType type) {
        return inEigenbasis(algebra, modules, bases, capacity, type, 0);
    }

    /// Λ in the basis of the parameters, for the diagonal strategy.
    ///
    /// @param productBytes what products of several documents may take; 0 forms one at a time
    public static LambdaAccumulator inParameterBasis(
            LinearAlgebra algebra, List<LinearModule> modules, BatchCapacity capacity, DType type, long productBytes) {
        return new LambdaAccumulator(algebra, modules, Optional.empty(), capacity, type, productBytes);
    }

    /// The same with one product at a time.
    public static LambdaAccumulator inParameterBasis(
            LinearAlgebra algebra, List<LinearModule> modules, BatchCapacity capacity, DType type) {
        return inParameterBasis(algebra, modules, capacity, type, 0);
    }

    /// The backend memory that an accumulator holds, in bytes, without the bases.
    ///
    /// @param rotated whether Λ is measured in the eigenbasis
    /// @param productBytes what products of several documents may take
    public static long byteSize(
            List<LinearModule> modules, boolean rotated, BatchCapacity capacity, DType type, long productBytes) {
        long sums = modules.stream()
                        .mapToLong(module -> module.outputs() * width(module, rotated))
                        .sum()
                * DocumentSums.sumType(type).byteSize();
        var scratch = Scratch.of(
                modules, rotated, capacity, productBytes / type.sumType().byteSize());
        return sums
                + (scratch.activations + scratch.gradients) * type.byteSize()
                + scratch.product * type.sumType().byteSize();
    }

    @Override
    public void accept(LinearModule module, Tensor activations, Tensor outputGradients, Segments segments) {
        capacity.require(segments.rows(), segments.count());
        Tensor sum = sum(module);
        Tensor a = bases.isPresent() ? rotatedInput(module, activations, segments) : activations;
        Tensor g = bases.isPresent()
                ? rotated(outputGradients, bases.get().gradient(module), rotatedGradients)
                : outputGradients;
        int atOnce =
                productsAtOnce(module, capacity, productBytes / product.type().byteSize());
        for (int first = 0; first < segments.count(); ) {
            int all = segments.ofOneLength(first, segments.count());
            addSquares(
                    g.rows(segments.start(first), segments.end(first + all - 1)),
                    a.rows(segments.start(first), segments.end(first + all - 1)),
                    all,
                    atOnce,
                    filledUp(sum));
            first += all;
        }
        sequences.merge(module.name(), (long) segments.count(), Long::sum);
    }

    /// What rows of a module's products take at most: rotated ones are filled up.
    private static long width(LinearModule module, boolean rotated) {
        return rotated ? ModuleBases.rotatedWidth(module) : module.activationSize();
    }

    /// How many documents' products of a module are formed together at most, when all are of one length.
    ///
    /// @param elements that products of several documents may have
    public static int productsAtOnce(LinearModule module, BatchCapacity capacity, long elements) {
        return Math.clamp(elements / module.parameters(), 1, capacity.documents());
    }

    private static Map<String, Tensor> filledUp(Map<String, Tensor> sums) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        sums.forEach((name, sum) -> all.put(name, filledUp(sum)));
        return all;
    }

    /// With the zeros behind its rows, as it was allocated.
    private static Tensor filledUp(Tensor sum) {
        return Tensor.of(sum.memory(), sum.type(), sum.size(0), sum.stride(0));
    }

    /// sum += Σ (gᵀa)² over `count` sequences of one length.
    ///
    /// @param atOnce of them, at most, are formed together, where the backend has to form them
    private void addSquares(Tensor g, Tensor a, int count, int atOnce, Tensor sum) {
        long length = g.size(0) / count;
        if (algebra.addSquaredProducts(g.split(0, count, length).transposed(), a.split(0, count, length), sum)) {
            return;
        }
        for (int first = 0; first < count; first += atOnce) {
            int some = Math.min(atOnce, count - first);
            Tensor gradients = product.rows(some * sum.elementCount()).reshape(some, sum.size(0), sum.size(1));
            SequenceGradients.form(
                    algebra,
                    g.rows(first * length, (first + some) * length),
                    a.rows(first * length, (first + some) * length),
                    gradients);
            algebra.addSquared(1, gradients, sum);
        }
    }

    /// Adds sums over other documents, of the same modules, on this device or another.
    public void add(LambdaAccumulator other) {
        SumsAcross.add(other.algebra, filledUp(other.sums), algebra, filledUp(sums));
        sequences.replaceAll((name, count) -> count + other.sequences.getOrDefault(name, 0L));
    }

    /// The modules, in the order given.
    public List<LinearModule> modules() {
        return modules;
    }

    /// The sum of squares over all sequences so far, (out, in).
    public Tensor sum(LinearModule module) {
        Tensor sum = sums.get(module.name());
        if (sum == null) {
            throw new IllegalArgumentException("module: expected one of the tracked ones, got " + module.name());
        }
        return sum;
    }

    /// The number of sequences in a module's sum.
    public long sequences(LinearModule module) {
        return sequences.getOrDefault(module.name(), 0L);
    }

    @Override
    public void save(Path file) throws IOException {
        ExactState.save(algebra, file, sums, sequences);
    }

    @Override
    public void restore(Path file) throws IOException {
        ExactState.restore(algebra, file, sums, sequences);
    }

    @Override
    public void close() {
        memory.close();
    }

    /// Modules that share their input come one after the other, and share its rotation too.
    private Tensor rotatedInput(LinearModule module, Tensor activations, Segments segments) {
        if (lastInput == null || lastSegments != segments || !lastGroup.equals(module.inputGroup())) {
            lastInput = rotated(activations, bases.orElseThrow().filledUpActivation(module), rotatedActivations);
            lastGroup = module.inputGroup();
            lastSegments = segments;
        }
        return lastInput;
    }

    private Tensor rotated(Tensor rows, Tensor basis, Tensor scratch) {
        Tensor result = scratch.rows(rows.size(0) * basis.size(1)).reshape(rows.size(0), basis.size(1));
        algebra.gemm(1, rows, basis, 0, result);
        return result;
    }

    /// Elements of scratch memory, enough for any one module.
    private record Scratch(long activations, long gradients, long product) {
        static Scratch of(List<LinearModule> modules, boolean rotated, BatchCapacity capacity, long elements) {
            long activations = 0;
            long gradients = 0;
            long product = 0;
            for (LinearModule module : modules) {
                long width = width(module, rotated);
                activations = Math.max(activations, width);
                gradients = Math.max(gradients, module.outputs());
                product = Math.max(product, module.outputs() * width * productsAtOnce(module, capacity, elements));
            }
            long rows = rotated ? capacity.rows() : 0;
            return new Scratch(rows * activations, rows * gradients, product);
        }
    }
}
