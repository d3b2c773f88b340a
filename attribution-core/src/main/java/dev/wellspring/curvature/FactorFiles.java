package dev.wellspring.curvature;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.model.checkpoint.SafetensorsFile;
import dev.wellspring.model.checkpoint.TensorStorage;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

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

    /// Writes the sums Σ a aᵀ and Σ g gᵀ of all modules, and their counts.
    ///
    /// @param stored FLOAT64 or FLOAT32
    public void writeCovariances(LinearAlgebra algebra, CovarianceAccumulator covariances, DType stored)
            throws IOException {
        try (var writer = FactorWriter.covariances(algebra, this, covariances.modules(), stored)) {
            writer.put(covariances);
            writer.finish();
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
        try (var writer = FactorWriter.eigenbases(algebra, this, modules, stored)) {
            for (List<LinearModule> group : InputGroups.of(modules).values()) {
                try (Eigenbasis shared = activationBasis(algebra, group.getFirst())) {
                    for (LinearModule module : group) {
                        writer.put(FactorKind.ACTIVATION_EIGENVECTORS, module, shared.vectors());
                        writer.put(FactorKind.ACTIVATION_EIGENVALUES, module, shared.values());
                    }
                }
                for (LinearModule module : group) {
                    try (Eigenbasis own = gradientBasis(algebra, module)) {
                        writer.put(FactorKind.GRADIENT_EIGENVECTORS, module, own.vectors());
                        writer.put(FactorKind.GRADIENT_EIGENVALUES, module, own.values());
                    }
                    done.accept(module);
                }
            }
            writer.finish();
        }
    }

    /// Writes the sum Λ of all modules and its count of sequences.
    ///
    /// @param stored FLOAT64 or FLOAT32
    public void writeLambda(LinearAlgebra algebra, LambdaAccumulator lambda, DType stored) throws IOException {
        try (var writer = FactorWriter.lambda(algebra, this, lambda.modules(), stored)) {
            writer.put(lambda);
            writer.finish();
        }
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

    private SafetensorsFile open(FactorKind kind) throws IOException {
        if (!Files.isRegularFile(file(kind))) {
            throw new CheckpointException(
                    file(kind) + ": expected a file of factors, found none; fit with a curvature that has them");
        }
        return SafetensorsFile.open(file(kind));
    }
}
