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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;

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

    /// Reads the covariances of this folder and writes their eigenvectors and eigenvalues; a covariance that
    /// modules share is decomposed once. The largest come first, and so many at a time as memory allows, which a
    /// backend may decompose in parallel.
    ///
    /// @param stored FLOAT64 or FLOAT32
    /// @param memory bytes that [Eigenbasis#byteSize] of those at work may add up to; one is always at work
    /// @param done told how many of [#covarianceCount] are decomposed, after each time
    public void writeEigenbases(
            LinearAlgebra algebra, List<LinearModule> modules, DType stored, long memory, IntConsumer done)
            throws IOException {
        List<Covariance> covariances = Covariance.of(modules).stream()
                .sorted(Comparator.comparingLong(Covariance::size).reversed())
                .toList();
        try (var writer = FactorWriter.eigenbases(algebra, this, modules, stored)) {
            int next = 0;
            while (next < covariances.size()) {
                List<Covariance> waiting = covariances.subList(next, covariances.size());
                List<Covariance> together = together(waiting, memory, algebra.decompositionsAtOnce());
                decompose(algebra, together, writer);
                next += together.size();
                done.accept(next);
            }
            writer.finish();
        }
    }

    /// How many different covariances modules have.
    public static int covarianceCount(List<LinearModule> modules) {
        return Covariance.of(modules).size();
    }

    /// One A or S, and whose it is.
    private record Covariance(FactorKind sum, FactorKind count, long size, List<LinearModule> modules) {
        static List<Covariance> of(List<LinearModule> modules) {
            List<Covariance> covariances = new ArrayList<>();
            InputGroups.of(modules)
                    .values()
                    .forEach(group -> covariances.add(new Covariance(
                            FactorKind.ACTIVATION_COVARIANCE,
                            FactorKind.ACTIVATION_COUNT,
                            group.getFirst().activationSize(),
                            group)));
            modules.forEach(module -> covariances.add(new Covariance(
                    FactorKind.GRADIENT_COVARIANCE, FactorKind.GRADIENT_COUNT, module.outputs(), List.of(module))));
            return covariances;
        }

        FactorKind vectors() {
            return sum == FactorKind.ACTIVATION_COVARIANCE
                    ? FactorKind.ACTIVATION_EIGENVECTORS
                    : FactorKind.GRADIENT_EIGENVECTORS;
        }

        FactorKind values() {
            return sum == FactorKind.ACTIVATION_COVARIANCE
                    ? FactorKind.ACTIVATION_EIGENVALUES
                    : FactorKind.GRADIENT_EIGENVALUES;
        }
    }

    /// As many as fit, but no remainder that would leave threads idle.
    private static List<Covariance> together(List<Covariance> waiting, long memory, int atOnce) {
        long bytes = 0;
        int count = 0;
        for (Covariance covariance : waiting) {
            bytes += Eigenbasis.byteSize(covariance.size());
            if (count > 0 && bytes > memory) {
                break;
            }
            count++;
        }
        boolean all = count == waiting.size();
        return waiting.subList(0, all || count < atOnce ? count : count - count % atOnce);
    }

    private void decompose(LinearAlgebra algebra, List<Covariance> covariances, FactorWriter writer)
            throws IOException {
        try (Workspace work = new Workspace(algebra)) {
            List<Tensor> sums = new ArrayList<>();
            List<Long> counts = new ArrayList<>();
            for (Covariance covariance : covariances) {
                LinearModule module = covariance.modules().getFirst();
                Tensor sum = work.allocate(DType.FLOAT64, covariance.sum().shape(module));
                read(algebra, covariance.sum(), module, sum);
                sums.add(sum);
                counts.add(readCount(covariance.count(), module));
            }
            List<Eigenbasis> bases = Eigenbasis.ofSums(algebra, sums, counts);
            try {
                for (int i = 0; i < bases.size(); i++) {
                    for (LinearModule module : covariances.get(i).modules()) {
                        writer.put(
                                covariances.get(i).vectors(),
                                module,
                                bases.get(i).vectors());
                        writer.put(
                                covariances.get(i).values(),
                                module,
                                bases.get(i).values());
                    }
                }
            } finally {
                bases.forEach(Eigenbasis::close);
            }
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

    private SafetensorsFile open(FactorKind kind) throws IOException {
        if (!Files.isRegularFile(file(kind))) {
            throw new CheckpointException(
                    file(kind) + ": expected a file of factors, found none; fit with a curvature that has them");
        }
        return SafetensorsFile.open(file(kind));
    }
}
