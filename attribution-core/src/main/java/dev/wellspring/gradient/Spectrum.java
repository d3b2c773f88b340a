package dev.wellspring.gradient;

import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.FactorKind;
import dev.wellspring.curvature.HostArrays;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;

/// The curvature of a module along its eigenvectors, as its factors say.
///
/// @param activation λ_A, (in), rising, none below zero
/// @param gradient λ_S, (out)
/// @param lambda Λ, the mean, (out, in), FLOAT64 on the backend; λ_S λ_Aᵀ where it was not measured
record Spectrum(double[] activation, double[] gradient, Tensor lambda, double meanLambda) {
    /// Reads it.
    static Spectrum read(LinearAlgebra algebra, Workspace memory, FactorFiles factors, LinearModule module)
            throws IOException {
        double[] a = eigenvalues(algebra, factors, FactorKind.ACTIVATION_EIGENVALUES, module);
        double[] s = eigenvalues(algebra, factors, FactorKind.GRADIENT_EIGENVALUES, module);
        Tensor lambda = memory.allocate(DType.FLOAT64, s.length, a.length);
        if (isMeasured(factors)) {
            factors.read(algebra, FactorKind.LAMBDA_MATRIX, module, lambda);
            algebra.scale(1.0 / factors.readCount(FactorKind.LAMBDA_COUNT, module), lambda, lambda);
        } else {
            outer(algebra, s, a, lambda);
        }
        double total = 0;
        for (int row = 0; row < s.length; row++) {
            total += Arrays.stream(HostArrays.download(algebra, lambda.select(0, row)))
                    .sum();
        }
        return new Spectrum(a, s, lambda, total / s.length / a.length);
    }

    /// The same with Λ of its last rows and columns alone, which belong to the leading directions.
    ///
    /// @param memory holds those
    Spectrum leading(LinearAlgebra algebra, Workspace memory, Directions directions) {
        Tensor kept = memory.allocate(DType.FLOAT64, directions.gradient(), directions.activation());
        algebra.copy(leadingLambda(directions), kept);
        return new Spectrum(activation, gradient, kept, meanLambda);
    }

    /// Λ of the leading directions, (e_S, e_A).
    Tensor leadingLambda(Directions directions) {
        long rows = lambda.size(0);
        long columns = lambda.size(1);
        return lambda.rows(rows - directions.gradient(), rows).columns(columns - directions.activation(), columns);
    }

    /// Whether factors hold a Λ of their own, as those of EK-FAC do.
    static boolean isMeasured(FactorFiles factors) {
        return Files.isRegularFile(factors.file(FactorKind.LAMBDA_MATRIX));
    }

    /// The mean of λ_S λ_Aᵀ.
    double meanOuter() {
        return mean(activation) * mean(gradient);
    }

    static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }

    /// target = s aᵀ.
    static void outer(LinearAlgebra algebra, double[] s, double[] a, Tensor target) {
        try (Workspace work = new Workspace(algebra)) {
            Tensor column = work.allocate(DType.FLOAT64, s.length, 1);
            Tensor row = work.allocate(DType.FLOAT64, 1, a.length);
            HostArrays.upload(algebra, s, column);
            HostArrays.upload(algebra, a, row);
            algebra.gemm(1, column, row, 0, target);
        }
    }

    private static double[] eigenvalues(
            LinearAlgebra algebra, FactorFiles factors, FactorKind kind, LinearModule module) throws IOException {
        try (Workspace work = new Workspace(algebra)) {
            Tensor values = work.allocate(DType.FLOAT64, kind.shape(module));
            factors.read(algebra, kind, module, values);
            return Arrays.stream(HostArrays.download(algebra, values))
                    .map(value -> Math.max(value, 0))
                    .toArray();
        }
    }
}
