package dev.wellspring.curvature;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// The eigendecomposition C = Q·diag(λ)·Qᵀ of one covariance, in FLOAT64. Whoever asked for it closes it.
///
/// @param values λ, (n), rising; rounding may leave some slightly below zero
/// @param vectors Q, (n, n), one eigenvector per column; signs and the basis of equal eigenvalues are arbitrary
public record Eigenbasis(Tensor values, Tensor vectors) implements AutoCloseable {
    /// Decomposes the mean of a sum: C = (Σ + Σᵀ)/(2·count).
    ///
    /// @param sum Σ, (n, n), FLOAT64, kept
    /// @param count how many outer products were added, at least 1
    public static Eigenbasis ofSum(LinearAlgebra algebra, Tensor sum, long count) {
        return ofSums(algebra, List.of(sum), List.of(count)).getFirst();
    }

    /// The same of several sums, which a backend may decompose in parallel.
    ///
    /// @param counts one for each sum
    public static List<Eigenbasis> ofSums(LinearAlgebra algebra, List<Tensor> sums, List<Long> counts) {
        List<Eigenbasis> bases = new ArrayList<>();
        try (Workspace work = new Workspace(algebra)) {
            List<Tensor> means = new ArrayList<>();
            for (int i = 0; i < sums.size(); i++) {
                means.add(mean(algebra, sums.get(i), counts.get(i), work));
                long n = sums.get(i).size(0);
                bases.add(new Eigenbasis(algebra.allocate(DType.FLOAT64, n), algebra.allocate(DType.FLOAT64, n, n)));
            }
            algebra.eigh(
                    means,
                    bases.stream().map(Eigenbasis::values).toList(),
                    bases.stream().map(Eigenbasis::vectors).toList());
            return bases;
        } catch (RuntimeException | Error failure) {
            bases.forEach(Eigenbasis::close);
            throw failure;
        }
    }

    private static Tensor mean(LinearAlgebra algebra, Tensor sum, long count, Workspace work) {
        long n = sum.size(0);
        sum.require("sum", n, n);
        if (count < 1) {
            throw new IllegalArgumentException("count: expected at least 1 row, got " + count);
        }
        Tensor mean = work.allocate(DType.FLOAT64, n, n);
        algebra.copy(sum.transposed(), mean);
        algebra.add(1, sum, mean);
        algebra.scale(0.5 / count, mean, mean);
        return mean;
    }

    /// What [#ofSum] needs at its peak, in bytes: the sum, the mean, the vectors, and a backend's copy of them with
    /// working memory of three times that size, as cuSOLVER's divide and conquer asks for; LAPACK's asks for two.
    ///
    /// @param n the rows of the covariance
    public static long byteSize(long n) {
        return 7 * n * n * DType.FLOAT64.byteSize();
    }

    @Override
    public void close() {
        values.close();
        vectors.close();
    }
}
