package dev.wellspring.gradient;

import dev.wellspring.curvature.HostArrays;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// One side of a module's coordinates on the backend: the eigenvectors E (n, e), and the matrices that lead from them
/// to what is stored.
///
/// @param directions E, (n, e)
/// @param whitening h, (e)
/// @param projection R, (k, e), or null for the identity
public record Side(Tensor directions, double[] whitening, double @Nullable [] projection) {
    /// k.
    public int stored() {
        return projection == null ? whitening.length : projection.length / whitening.length;
    }

    /// B = E diag(h) Rᵀ, (n, k): what turns the rows of documents.
    Tensor documents(LinearAlgebra algebra, Workspace memory, DType type) {
        try (Workspace work = new Workspace(algebra)) {
            Tensor matrix = matrix(algebra, work, type, false);
            Tensor basis = memory.allocate(type, directions.size(0), stored());
            algebra.gemm(1, directions, matrix, 0, basis);
            return basis;
        }
    }

    /// diag(1/h) Rᵀ, (e, k): what turns preconditioned queries.
    Tensor queries(LinearAlgebra algebra, Workspace memory, DType type) {
        return matrix(algebra, memory, type, true);
    }

    private Tensor matrix(LinearAlgebra algebra, Workspace memory, DType type, boolean inverse) {
        int e = whitening.length;
        int k = stored();
        double[] values = new double[Math.multiplyExact(e, k)];
        for (int i = 0; i < e; i++) {
            double h = inverse ? 1 / whitening[i] : whitening[i];
            if (projection == null) {
                values[i * k + i] = h;
            } else {
                for (int j = 0; j < k; j++) {
                    values[i * k + j] = h * projection[j * e + i];
                }
            }
        }
        Tensor matrix = memory.allocate(type, e, k);
        HostArrays.upload(algebra, values, matrix);
        return matrix;
    }
}
