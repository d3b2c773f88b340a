package dev.wellspring.curvature;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.model.checkpoint.SafetensorsFile;
import dev.wellspring.model.checkpoint.SafetensorsWriter;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// A folder of factors in kronfluence's layout: one safetensors file per [FactorKind], one tensor per module
/// under the module's name; covariances and Λ are sums, their counts stand beside them. Reading goes through a
/// mapping, so the factors of one module are in memory at a time. Folders that kronfluence wrote can be read
/// too.
///
/// @param folder an existing folder
public record FactorFiles(Path folder) {
    /// The file of one kind.
    public Path file(FactorKind kind) {
        return folder.resolve(kind.word() + ".safetensors");
    }

    /// Writes the sums Σ a aᵀ and Σ g gᵀ and their counts.
    ///
    /// @param stored FLOAT64 or FLOAT32
    public void writeCovariances(LinearAlgebra algebra, CovarianceAccumulator covariances, DType stored)
            throws IOException {
        writeCovariances(algebra, covariances.modules(), _ -> covariances, stored);
    }

    /// Writes the sums of several passes over the documents, each of which saw some of the modules.
    ///
    /// @param of the accumulator that has a module; asked module by module, file by file
    public void writeCovariances(
            LinearAlgebra algebra,
            List<LinearModule> modules,
            Function<LinearModule, CovarianceAccumulator> of,
            DType stored)
            throws IOException {
        write(
                FactorKind.ACTIVATION_COVARIANCE,
                modules,
                stored,
                (module, writer) -> TensorStorage.write(
                        algebra, of.apply(module).activationSum(module), writer, module.name(), stored));
        write(
                FactorKind.GRADIENT_COVARIANCE,
                modules,
                stored,
                (module, writer) -> TensorStorage.write(
                        algebra, of.apply(module).gradientSum(module), writer, module.name(), stored));
        for (FactorKind kind : List.of(FactorKind.ACTIVATION_COUNT, FactorKind.GRADIENT_COUNT)) {
            write(
                    kind,
                    modules,
                    stored,
                    (module, writer) ->
                            TensorStorage.writeCount(of.apply(module).rows(module), writer, module.name()));
        }
    }

    /// Reads the covariances of this folder and writes their eigenvectors and eigenvalues, one covariance at a
    /// time; a covariance that modules share is decomposed once.
    ///
    /// @param stored FLOAT64 or FLOAT32
    /// @param done told after each module
    public void writeEigenbases(
            LinearAlgebra algebra, List<LinearModule> modules, DType stored, Consumer<LinearModule> done)
            throws IOException {
        try (SafetensorsWriter activationVectors = writer(FactorKind.ACTIVATION_EIGENVECTORS, modules, stored);
                SafetensorsWriter activationValues = writer(FactorKind.ACTIVATION_EIGENVALUES, modules, stored);
                SafetensorsWriter gradientVectors = writer(FactorKind.GRADIENT_EIGENVECTORS, modules, stored);
                SafetensorsWriter gradientValues = writer(FactorKind.GRADIENT_EIGENVALUES, modules, stored)) {
            for (List<LinearModule> group : InputGroups.of(modules).values()) {
                try (Eigenbasis shared = activationBasis(algebra, group.getFirst())) {
                    for (LinearModule module : group) {
                        put(algebra, shared, module, activationVectors, activationValues, stored);
                    }
                }
                for (LinearModule module : group) {
                    try (Eigenbasis own = gradientBasis(algebra, module)) {
                        put(algebra, own, module, gradientVectors, gradientValues, stored);
                    }
                    done.accept(module);
                }
            }
            activationVectors.finish();
            activationValues.finish();
            gradientVectors.finish();
            gradientValues.finish();
        }
    }

    /// Writes the sum Λ and its count of sequences.
    ///
    /// @param stored FLOAT64 or FLOAT32
    public void writeLambda(LinearAlgebra algebra, LambdaAccumulator lambda, DType stored) throws IOException {
        writeLambda(algebra, lambda.modules(), _ -> lambda, stored);
    }

    /// Writes the sums of several passes over the documents, each of which saw some of the modules.
    ///
    /// @param of the accumulator that has a module; asked module by module, file by file
    public void writeLambda(
            LinearAlgebra algebra,
            List<LinearModule> modules,
            Function<LinearModule, LambdaAccumulator> of,
            DType stored)
            throws IOException {
        write(
                FactorKind.LAMBDA_MATRIX,
                modules,
                stored,
                (module, writer) ->
                        TensorStorage.write(algebra, of.apply(module).sum(module), writer, module.name(), stored));
        write(
                FactorKind.LAMBDA_COUNT,
                modules,
                stored,
                (module, writer) ->
                        TensorStorage.writeCount(of.apply(module).sequences(module), writer, module.name()));
    }

    /// Checks that everything a strategy needs is here for every module, before hours are spent.
    ///
    /// @throws CheckpointException naming the file or tensor that is missing
    public void require(CurvatureStrategy strategy, List<LinearModule> modules) throws IOException {
        for (FactorKind kind : FactorKind.values()) {
            if (!strategy.factors().contains(kind)) {
                continue;
            }
            if (!Files.isRegularFile(file(kind))) {
                throw new CheckpointException(file(kind) + ": expected this file for curvature " + strategy.word()
                        + ", found none; fit with --curvature " + strategy.word() + " or choose another curvature");
            }
            try (SafetensorsFile file = open(kind)) {
                modules.forEach(module -> TensorStorage.require(file, module.name(), kind.shape(module)));
            }
        }
    }

    /// Reads one module's tensor into `target`, converting its elements.
    ///
    /// @throws CheckpointException when it is missing or has another shape
    public void read(LinearAlgebra algebra, FactorKind kind, LinearModule module, Tensor target) throws IOException {
        try (SafetensorsFile file = open(kind)) {
            TensorStorage.read(algebra, file, module.name(), target);
        }
    }

    /// Reads one module's count.
    ///
    /// @throws CheckpointException when it is missing or not positive
    public long readCount(FactorKind kind, LinearModule module) throws IOException {
        try (SafetensorsFile file = open(kind)) {
            long count = TensorStorage.readCount(file, module.name());
            if (count < 1) {
                throw new CheckpointException(file.path() + ": tensor " + module.name()
                        + ": expected a count of at least 1, found " + count + "; fit again");
            }
            return count;
        }
    }

    /// Whether two modules' tensors of one kind are the same, byte for byte.
    boolean same(FactorKind kind, LinearModule one, LinearModule other) throws IOException {
        try (SafetensorsFile file = open(kind)) {
            return file.tensor(one.name())
                            .data()
                            .mismatch(file.tensor(other.name()).data())
                    == -1;
        }
    }

    private Eigenbasis activationBasis(LinearAlgebra algebra, LinearModule module) throws IOException {
        return basis(algebra, FactorKind.ACTIVATION_COVARIANCE, FactorKind.ACTIVATION_COUNT, module);
    }

    private Eigenbasis gradientBasis(LinearAlgebra algebra, LinearModule module) throws IOException {
        return basis(algebra, FactorKind.GRADIENT_COVARIANCE, FactorKind.GRADIENT_COUNT, module);
    }

    private Eigenbasis basis(LinearAlgebra algebra, FactorKind sumKind, FactorKind countKind, LinearModule module)
            throws IOException {
        try (Workspace work = new Workspace(algebra)) {
            Tensor sum = work.allocate(DType.FLOAT64, sumKind.shape(module));
            read(algebra, sumKind, module, sum);
            return Eigenbasis.ofSum(algebra, sum, readCount(countKind, module));
        }
    }

    private static void put(
            LinearAlgebra algebra,
            Eigenbasis basis,
            LinearModule module,
            SafetensorsWriter vectors,
            SafetensorsWriter values,
            DType stored)
            throws IOException {
        TensorStorage.write(algebra, basis.vectors(), vectors, module.name(), stored);
        TensorStorage.write(algebra, basis.values(), values, module.name(), stored);
    }

    @FunctionalInterface
    private interface ModuleWriter {
        void write(LinearModule module, SafetensorsWriter writer) throws IOException;
    }

    private void write(FactorKind kind, List<LinearModule> modules, DType stored, ModuleWriter body)
            throws IOException {
        try (SafetensorsWriter writer = writer(kind, modules, stored)) {
            for (LinearModule module : modules) {
                body.write(module, writer);
            }
            writer.finish();
        }
    }

    private SafetensorsWriter writer(FactorKind kind, List<LinearModule> modules, DType stored) throws IOException {
        List<SafetensorsWriter.Slot> slots = modules.stream()
                .map(module -> kind.isCount()
                        ? TensorStorage.countSlot(module.name())
                        : TensorStorage.slot(module.name(), stored, kind.shape(module)))
                .toList();
        return SafetensorsWriter.create(file(kind), Map.of(), slots);
    }

    private SafetensorsFile open(FactorKind kind) throws IOException {
        if (!Files.isRegularFile(file(kind))) {
            throw new CheckpointException(
                    file(kind) + ": expected a file of factors, found none; fit with a curvature that has them");
        }
        return SafetensorsFile.open(file(kind));
    }
}
