package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.library.CudaException;
import dev.wellspring.linalg.cuda.library.Cusolver;
import java.lang.foreign.MemorySegment;

/// Eigendecompositions of symmetric matrices by cuSOLVER's divide and conquer, FLOAT64.
final class Eigendecomposition implements AutoCloseable {
    private final Cusolver cusolver;
    private final DevicePool pool;
    private final Staging staging;
    private final long handle;

    Eigendecomposition(Cusolver cusolver, DevicePool pool, Staging staging, long stream) {
        this.cusolver = cusolver;
        this.pool = pool;
        this.staging = staging;
        try (var closing = new Closing()) {
            handle = cusolver.create();
            closing.add(() -> cusolver.cusolverDnDestroy(handle));
            cusolver.cusolverDnSetStream(handle, stream);
            closing.keep();
        }
    }

    /// See [Gpu#symmetricEigen].
    void decompose(long matrix, int n, long values) {
        if (n == 0) {
            return;
        }
        // The lower triangle of rows is the upper one of columns.
        int mode = Cusolver.CUSOLVER_EIG_MODE_VECTOR;
        int triangle = Cusolver.CUBLAS_FILL_MODE_UPPER;
        int doubles = cusolver.cusolverDnDsyevdBufferSize(handle, mode, triangle, n, matrix, n, values);
        try (DeviceMemory workspace = pool.allocate((long) doubles * Double.BYTES);
                DeviceMemory info = pool.allocate(Integer.BYTES)) {
            cusolver.cusolverDnDsyevd(
                    handle, mode, triangle, n, matrix, n, values, workspace.address(), doubles, info.address());
            requireSuccess(n, values, info);
        }
    }

    private void requireSuccess(int n, long values, DeviceMemory info) {
        int[] outcome = new int[1];
        staging.download(info.address(), MemorySegment.ofArray(outcome));
        String what = "syevd of a " + n + " x " + n + " matrix";
        if (outcome[0] < 0) {
            throw new CudaException("cusolverDnDsyevd", outcome[0], "parameter " + -outcome[0] + " refused");
        }
        double[] found = new double[n];
        staging.download(values, MemorySegment.ofArray(found));
        for (double value : found) {
            if (!Double.isFinite(value)) {
                throw new ArithmeticException(what + ": expected finite numbers, got NaN or an infinity");
            }
        }
        if (outcome[0] > 0) {
            throw new ArithmeticException(what + ": expected convergence, got LAPACK info " + outcome[0]);
        }
    }

    @Override
    public void close() {
        cusolver.cusolverDnDestroy(handle);
    }
}
