package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.Closing;
import dev.wellspring.linalg.cuda.library.CudaException;
import dev.wellspring.linalg.cuda.library.Cusolver;
import dev.wellspring.linalg.cuda.library.Cusolver.Symmetric;
import dev.wellspring.linalg.cuda.library.Cusolver.Workspace;
import dev.wellspring.linalg.cuda.library.MathLibraries;
import dev.wellspring.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Eigendecompositions of symmetric matrices by cuSOLVER's divide and conquer, FLOAT64. By its 64-bit
/// functions, since the workspace, of about three times the matrix, has 2^31 numbers from n = 26,755 on. Before
/// CUDA 13 these count in 32 bits all the same, and fail there.
final class Eigendecomposition implements AutoCloseable {
    private static final int MODE = Cusolver.CUSOLVER_EIG_MODE_VECTOR;

    /// The first release of CUDA whose cuSOLVER counts in 64 bits.
    private static final int COUNTS_IN_LONGS = 13;

    /// Of workspace on the host, in bytes: that of any type in it.
    private static final long ALIGNMENT = 64;

    private final int release;
    private final Cusolver cusolver;
    private final DevicePool pool;
    private final Staging staging;
    private final Products products;
    private final long handle;
    private final long parameters;

    /// @param libraries whose cuSOLVER decomposes
    Eigendecomposition(MathLibraries libraries, DevicePool pool, Staging staging, Products products, long stream) {
        this.release = libraries.release();
        this.cusolver = libraries.cusolver();
        this.pool = pool;
        this.staging = staging;
        this.products = products;
        try (var closing = new Closing()) {
            handle = cusolver.create();
            closing.add(() -> cusolver.cusolverDnDestroy(handle));
            cusolver.cusolverDnSetStream(handle, stream);
            parameters = cusolver.createParams();
            closing.keep();
        }
    }

    /// See [Gpu#symmetricEigen].
    void decompose(long matrix, int n, long values) {
        if (n == 0) {
            return;
        }
        requireServed(n, release);
        requireFinite(n, matrix);
        // The lower triangle of rows is the upper one of columns.
        var symmetric = new Symmetric(Cusolver.CUBLAS_FILL_MODE_UPPER, n, matrix, n, values);
        Workspace size = cusolver.cusolverDnXsyevdBufferSize(handle, parameters, MODE, symmetric);
        try (Arena arena = Arena.ofConfined();
                DeviceMemory workspace = pool.allocateUninitialised(size.device());
                DeviceMemory info = pool.allocateUninitialised(Integer.BYTES)) {
            MemorySegment host = size.host() == 0 ? MemorySegment.NULL : arena.allocate(size.host(), ALIGNMENT);
            cusolver.cusolverDnXsyevd(
                    handle, parameters, MODE, symmetric, workspace.address(), size.device(), host, info.address());
            requireSuccess(n, values, info);
        }
    }

    /// @param release of CUDA: 12 or 13
    static void requireServed(int n, int release) {
        if (release < COUNTS_IN_LONGS && 3L * n * n > Integer.MAX_VALUE) {
            throw new CudaException(
                    "cusolverDnXsyevd",
                    Cusolver.CUSOLVER_STATUS_NOT_SUPPORTED,
                    "a " + n + " x " + n + " matrix, whose workspace is beyond 2^31 numbers, which cuSOLVER of CUDA "
                            + release + " does not take; install that of CUDA " + COUNTS_IN_LONGS
                            + ", and a driver that serves it");
        }
    }

    /// What cuSOLVER makes of NaN is not said. A row with NaN or an infinity has no finite sum.
    private void requireFinite(int n, long matrix) {
        double[] sums = new double[n];
        Arrays.fill(sums, 1);
        try (DeviceMemory ones = pool.allocateUninitialised((long) n * Double.BYTES);
                DeviceMemory rows = pool.allocateUninitialised((long) n * Double.BYTES)) {
            staging.upload(MemorySegment.ofArray(sums), ones.address());
            products.multiply(
                    1,
                    new DeviceMatrix(DType.FLOAT64, matrix, n, n, false, n, 0),
                    new DeviceMatrix(DType.FLOAT64, ones.address(), n, 1, false, 1, 0),
                    0,
                    new DeviceMatrix(DType.FLOAT64, rows.address(), n, 1, false, 1, 0),
                    1);
            staging.download(rows.address(), MemorySegment.ofArray(sums));
        }
        requireFinite(n, sums);
    }

    private static void requireFinite(int n, double[] numbers) {
        for (double number : numbers) {
            if (!Double.isFinite(number)) {
                throw new ArithmeticException(
                        "syevd of a " + n + " x " + n + " matrix: expected finite numbers, got NaN or an infinity");
            }
        }
    }

    private void requireSuccess(int n, long values, DeviceMemory info) {
        int[] outcome = new int[1];
        staging.download(info.address(), MemorySegment.ofArray(outcome));
        if (outcome[0] < 0) {
            throw new CudaException("cusolverDnXsyevd", outcome[0], "parameter " + -outcome[0] + " refused");
        }
        double[] found = new double[n];
        staging.download(values, MemorySegment.ofArray(found));
        requireFinite(n, found);
        if (outcome[0] > 0) {
            throw new ArithmeticException(
                    "syevd of a " + n + " x " + n + " matrix: expected convergence, got LAPACK info " + outcome[0]);
        }
    }

    @Override
    public void close() {
        cusolver.cusolverDnDestroyParams(parameters);
        cusolver.cusolverDnDestroy(handle);
    }
}
