package dev.wellspring.curvature;

import static dev.wellspring.curvature.SeededRows.MODULES;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Factors of [SeededRows], fitted in float64 the way a run does it.
public final class FittedFactors {
    private FittedFactors() {}

    /// Everything that EK-FAC and K-FAC need.
    public static FactorFiles ekfac(LinearAlgebra algebra, SeededRows rows, Path folder, DType stored)
            throws IOException {
        var files = new FactorFiles(Files.createDirectories(folder));
        try (var covariances = new CovarianceAccumulator(algebra, MODULES, DType.FLOAT64)) {
            rows.replayAll(algebra, DType.FLOAT64, covariances);
            files.writeCovariances(algebra, covariances, stored);
        }
        files.writeEigenbases(algebra, MODULES, stored, Long.MAX_VALUE, _ -> {});
        try (var bases = ModuleBases.load(algebra, files, MODULES, DType.FLOAT64);
                var lambda = LambdaAccumulator.inEigenbasis(
                        algebra, MODULES, bases, new BatchCapacity(1000, 100), DType.FLOAT64)) {
            rows.replayAll(algebra, DType.FLOAT64, lambda);
            files.writeLambda(algebra, lambda, stored);
        }
        return files;
    }

    /// Λ in the basis of the parameters.
    public static FactorFiles diagonal(LinearAlgebra algebra, SeededRows rows, Path folder) throws IOException {
        var files = new FactorFiles(Files.createDirectories(folder));
        try (var lambda =
                LambdaAccumulator.inParameterBasis(algebra, MODULES, new BatchCapacity(1000, 100), DType.FLOAT64)) {
            rows.replayAll(algebra, DType.FLOAT64, lambda);
            files.writeLambda(algebra, lambda, DType.FLOAT64);
        }
        return files;
    }
}
