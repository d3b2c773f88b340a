package dev.wellspring.gradient;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.curvature.HostArrays;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;

/// One module's coordinates, as [BasisFile] holds them.
///
/// @param gradient the side of S
/// @param activation the side of A
/// @param gradientEigenvalues λ_S, (e_S)
/// @param activationEigenvalues λ_A, (e_A)
/// @param lambda Λ, (e_S, e_A), on the backend
/// @param meanLambda over all directions, kept or not
/// @param meanOuter of λ_S λ_Aᵀ, likewise
public record ModuleCoordinates(
        Side gradient,
        Side activation,
        double[] gradientEigenvalues,
        double[] activationEigenvalues,
        Tensor lambda,
        double meanLambda,
        double meanOuter) {

    /// W_q = R_S [ (E_Sᵀ G_q E_A) / (Λ + λ) / (h_S h_Aᵀ) ] R_Aᵀ of every query.
    ///
    /// @param gradients G_q, (Q, out, in)
    /// @return (Q, k_S·k_A), row-major
    public double[] ofQueries(LinearAlgebra algebra, Tensor gradients, CurvatureStrategy strategy, Damping damping) {
        DType type = lambda.type();
        int queries = gradients.length(0);
        try (Workspace work = new Workspace(algebra)) {
            Tensor s = gradient.queries(algebra, work, type);
            Tensor a = activation.queries(algebra, work, type);
            Tensor divisor = divisor(algebra, work, strategy);
            double added = added(strategy, damping);
            Tensor inBasis = work.allocate(type, gradients.size(1), a.size(0));
            Tensor x = work.allocate(type, s.size(0), a.size(0));
            Tensor half = work.allocate(type, s.size(0), a.size(1));
            Tensor all = work.allocate(type, queries, s.size(1), a.size(1));
            for (int q = 0; q < queries; q++) {
                algebra.gemm(1, gradients.select(0, q), activation.directions(), 0, inBasis);
                algebra.gemm(1, gradient.directions().transposed(), inBasis, 0, x);
                if (strategy != CurvatureStrategy.IDENTITY) {
                    algebra.divideDamped(x, divisor, added, x);
                }
                algebra.gemm(1, x, a, 0, half);
                algebra.gemm(1, s.transposed(), half, 0, all.select(0, q));
            }
            return HostArrays.download(algebra, all);
        }
    }

    private Tensor divisor(LinearAlgebra algebra, Workspace work, CurvatureStrategy strategy) {
        return switch (strategy) {
            case EKFAC, IDENTITY -> lambda;
            case KFAC -> {
                Tensor outer = work.allocate(lambda.type(), lambda.shape());
                Spectrum.outer(algebra, gradientEigenvalues, activationEigenvalues, outer);
                yield outer;
            }
            case DIAGONAL -> throw refused(strategy);
        };
    }

    private double added(CurvatureStrategy strategy, Damping damping) {
        return switch (strategy) {
            case EKFAC -> damping.value(meanLambda);
            case KFAC -> damping.value(meanOuter);
            case IDENTITY -> 0;
            case DIAGONAL -> throw refused(strategy);
        };
    }

    private static IllegalArgumentException refused(CurvatureStrategy strategy) {
        return new IllegalArgumentException("strategy: expected one in the eigenbasis, got " + strategy);
    }
}
