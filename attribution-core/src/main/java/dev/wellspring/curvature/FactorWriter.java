package dev.wellspring.curvature;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.SafetensorsWriter;
import dev.wellspring.model.checkpoint.TensorStorage;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Writes some kinds of factors for all modules, in any order and in as many parts as memory asks for. No file
/// has its final name before [#finish]; closing without it leaves nothing behind.
///
/// When the sums of all modules do not fit into memory, each pass over the documents accumulates some modules
/// and saves them; in the end the parts are restored one by one and put here.
public final class FactorWriter implements AutoCloseable {
    private static final Set<FactorKind> COVARIANCES = Set.of(
            FactorKind.ACTIVATION_COVARIANCE,
            FactorKind.GRADIENT_COVARIANCE,
            FactorKind.ACTIVATION_COUNT,
            FactorKind.GRADIENT_COUNT);
    private static final Set<FactorKind> EIGENBASES = Set.of(
            FactorKind.ACTIVATION_EIGENVECTORS,
            FactorKind.ACTIVATION_EIGENVALUES,
            FactorKind.GRADIENT_EIGENVECTORS,
            FactorKind.GRADIENT_EIGENVALUES);
    private static final Set<FactorKind> LAMBDA = Set.of(FactorKind.LAMBDA_MATRIX, FactorKind.LAMBDA_COUNT);

    private final LinearAlgebra algebra;
    private final DType stored;
    private final Map<FactorKind, SafetensorsWriter> writers = new EnumMap<>(FactorKind.class);

    private FactorWriter(LinearAlgebra algebra, DType stored) {
        this.algebra = algebra;
        this.stored = stored;
    }

    /// For Σ a aᵀ, Σ g gᵀ and their counts.
    ///
    /// @param modules all modules of all parts
    /// @param stored FLOAT64 or FLOAT32
    public static FactorWriter covariances(
            LinearAlgebra algebra, FactorFiles files, List<LinearModule> modules, DType stored) throws IOException {
        return open(algebra, files, COVARIANCES, modules, stored);
    }

    /// For Λ and its count.
    ///
    /// @param modules all modules of all parts
    /// @param stored FLOAT64 or FLOAT32
    public static FactorWriter lambda(
            LinearAlgebra algebra, FactorFiles files, List<LinearModule> modules, DType stored) throws IOException {
        return open(algebra, files, LAMBDA, modules, stored);
    }

    static FactorWriter eigenbases(LinearAlgebra algebra, FactorFiles files, List<LinearModule> modules, DType stored)
            throws IOException {
        return open(algebra, files, EIGENBASES, modules, stored);
    }

    private static FactorWriter open(
            LinearAlgebra algebra,
            FactorFiles files,
            Collection<FactorKind> kinds,
            List<LinearModule> modules,
            DType stored)
            throws IOException {
        var writer = new FactorWriter(algebra, stored);
        try {
            for (FactorKind kind : kinds) {
                List<SafetensorsWriter.Slot> slots = modules.stream()
                        .map(module -> kind.isCount()
                                ? TensorStorage.countSlot(module.name())
                                : TensorStorage.slot(module.name(), stored, kind.shape(module)))
                        .toList();
                writer.writers.put(kind, SafetensorsWriter.create(files.file(kind), Map.of(), slots));
            }
            return writer;
        } catch (IOException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /// Adds the sums of some modules, to both files at the same time where the backend's downloads allow it: what
    /// takes time is the system's copy of what is written.
    public void put(CovarianceAccumulator part) throws IOException {
        part.mirror();
        List<Runnable> files = List.of(
                () -> putAll(FactorKind.ACTIVATION_COVARIANCE, part.modules(), part::activationSum),
                () -> putAll(FactorKind.GRADIENT_COVARIANCE, part.modules(), part::gradientSum));
        try {
            algebra.downloads()
                    .forRanges(
                            files.size(),
                            (from, to) -> files.subList((int) from, (int) to).forEach(Runnable::run));
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        for (LinearModule module : part.modules()) {
            put(FactorKind.ACTIVATION_COUNT, module, part.rows(module));
            put(FactorKind.GRADIENT_COUNT, module, part.rows(module));
        }
    }

    private void putAll(FactorKind kind, List<LinearModule> modules, Function<LinearModule, Tensor> factor) {
        try {
            for (LinearModule module : modules) {
                put(kind, module, factor.apply(module));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Adds the sums of some modules.
    public void put(LambdaAccumulator part) throws IOException {
        for (LinearModule module : part.modules()) {
            put(FactorKind.LAMBDA_MATRIX, module, part.sum(module));
            put(FactorKind.LAMBDA_COUNT, module, part.sequences(module));
        }
    }

    void put(FactorKind kind, LinearModule module, Tensor factor) throws IOException {
        TensorStorage.write(algebra, factor, writer(kind), module.name(), stored);
    }

    private void put(FactorKind kind, LinearModule module, long count) throws IOException {
        TensorStorage.writeCount(count, writer(kind), module.name());
    }

    private SafetensorsWriter writer(FactorKind kind) {
        SafetensorsWriter writer = writers.get(kind);
        if (writer == null) {
            throw new IllegalArgumentException("kind: expected one of " + writers.keySet() + ", got " + kind);
        }
        return writer;
    }

    /// Gives the files their names.
    ///
    /// @throws IllegalStateException when a module was not put
    public void finish() throws IOException {
        for (SafetensorsWriter writer : writers.values()) {
            writer.finish();
        }
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (SafetensorsWriter writer : writers.values()) {
            try {
                writer.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
