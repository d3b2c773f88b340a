package dev.wellspring.linalg.cuda;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.wellspring.linalg.Closing;
import dev.wellspring.linalg.cuda.Gpu.Float32Products;
import dev.wellspring.linalg.cuda.library.Cublas;
import dev.wellspring.linalg.cuda.library.Cublas.Operand;
import dev.wellspring.linalg.cuda.library.Cublas.Shape;
import dev.wellspring.linalg.cuda.library.CudaDriver;
import dev.wellspring.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Row-major products by cuBLAS, which is column-major: a row-major matrix is the column-major one of its
/// transpose, and Cᵀ = Bᵀ·Aᵀ, so A and B are exchanged and nothing is transposed.
///
/// The same operands give the same bytes: one stream, a workspace that stays, and no atomics, which is
/// cuBLAS's default.
final class Products implements AutoCloseable {
    private static final int HOPPER = 90;

    /// What cuBLAS's documentation recommends: 32 MiB from Hopper on, 4 MiB before; more than the latter does
    /// no harm.
    private static final long LARGE_WORKSPACE = 32L << 20;

    private static final long SMALL_WORKSPACE = 8L << 20;

    private final Cublas cublas;
    private final CudaDriver driver;
    private final Float32Products float32;
    private final long handle;
    private final long workspace;
    private final MemorySegment alpha;
    private final MemorySegment beta;

    /// @param arena lives as long as this does
    Products(
            Cublas cublas,
            CudaDriver driver,
            long stream,
            int computeCapability,
            Float32Products float32,
            Arena arena) {
        this.cublas = cublas;
        this.driver = driver;
        this.float32 = float32;
        alpha = arena.allocate(JAVA_DOUBLE);
        beta = arena.allocate(JAVA_DOUBLE);
        try (var closing = new Closing()) {
            handle = cublas.create();
            closing.add(() -> cublas.cublasDestroy(handle));
            long bytes = computeCapability >= HOPPER ? LARGE_WORKSPACE : SMALL_WORKSPACE;
            workspace = driver.cuMemAlloc(bytes);
            closing.add(() -> driver.cuMemFree(workspace));
            cublas.cublasSetStream(handle, stream);
            cublas.cublasSetWorkspace(handle, workspace, bytes);
            cublas.cublasSetMathMode(
                    handle, Cublas.CUBLAS_DEFAULT_MATH | Cublas.CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION);
            closing.keep();
        }
    }

    /// As people write it: 12.9.
    String version() {
        int version = cublas.cublasGetVersion(handle);
        return version / 10_000 + "." + version / 100 % 100;
    }

    void multiply(double alpha, DeviceMatrix a, DeviceMatrix b, double beta, DeviceMatrix c, int batch) {
        if (c.transposed()) {
            multiply(alpha, b.flipped(), a.flipped(), beta, c.flipped(), batch);
            return;
        }
        if (isEmpty(a, b, c, batch)) {
            return;
        }
        Shape shape = shape(alpha, a, b, beta, c);
        Operand first = operand(b, b.address());
        Operand second = operand(a, a.address());
        Operand sum = operand(c, c.address());
        if (batch == 1) {
            cublas.cublasGemmEx(handle, shape, first, second, sum);
        } else {
            cublas.cublasGemmStridedBatchedEx(handle, shape, first, second, sum, batch);
        }
    }

    private static boolean isEmpty(DeviceMatrix a, DeviceMatrix b, DeviceMatrix c, int batch) {
        if (a.rows() != c.rows() || b.columns() != c.columns() || a.columns() != b.rows()) {
            throw new IllegalArgumentException(
                    "product: expected (m, k), (k, n) and (m, n), got " + a + ", " + b + " and " + c);
        }
        if (a.columns() == 0) {
            throw new IllegalArgumentException("product: expected k >= 1, got " + a + " and " + b);
        }
        return batch == 0 || c.rows() == 0 || c.columns() == 0;
    }

    private Shape shape(double alpha, DeviceMatrix a, DeviceMatrix b, double beta, DeviceMatrix c) {
        return new Shape(
                operation(b),
                operation(a),
                narrow(c.columns(), "columns of C", c),
                narrow(c.rows(), "rows of C", c),
                narrow(a.columns(), "columns of A", a),
                scalar(this.alpha, alpha, a.type()),
                scalar(this.beta, beta, a.type()),
                compute(a, b, c));
    }

    private static int operation(DeviceMatrix matrix) {
        return matrix.transposed() ? Cublas.CUBLAS_OP_T : Cublas.CUBLAS_OP_N;
    }

    private static Operand operand(DeviceMatrix matrix, long address) {
        // Where there is one row, the distance to the next says nothing, and may be less than cuBLAS allows.
        long leading = matrix.storedRows() == 1 ? matrix.storedColumns() : matrix.leading();
        if (leading < matrix.storedColumns()) {
            throw new IllegalArgumentException("product: expected rows that do not overlap in memory, got " + matrix);
        }
        return new Operand(address, type(matrix.type()), narrow(leading, "leading", matrix), matrix.batchStride());
    }

    private static int narrow(long value, String what, DeviceMatrix matrix) {
        if (value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "product: expected " + what + " below 2^31, as cuBLAS counts, got " + matrix);
        }
        return (int) value;
    }

    private static MemorySegment scalar(MemorySegment place, double value, DType type) {
        if (type == DType.FLOAT64) {
            place.set(JAVA_DOUBLE, 0, value);
        } else {
            place.set(JAVA_FLOAT, 0, (float) value);
        }
        return place;
    }

    private static int type(DType type) {
        return switch (type) {
            case FLOAT32 -> Cublas.CUDA_R_32F;
            case FLOAT64 -> Cublas.CUDA_R_64F;
            case BFLOAT16 -> Cublas.CUDA_R_16BF;
            case FLOAT16, INT32 -> throw new IllegalArgumentException("product: expected no matrix of " + type);
        };
    }

    private int compute(DeviceMatrix a, DeviceMatrix b, DeviceMatrix c) {
        boolean widens = a.type() == DType.BFLOAT16 && c.type() == DType.FLOAT32;
        if (a.type() != b.type() || (a.type() != c.type() && !widens)) {
            throw new IllegalArgumentException(
                    "product: expected A, B and C of one type, or BFLOAT16 into FLOAT32, got " + a.type() + ", "
                            + b.type() + " and " + c.type());
        }
        if (a.type() == DType.FLOAT64) {
            return Cublas.CUBLAS_COMPUTE_64F;
        }
        boolean rounds = a.type() == DType.FLOAT32 && float32 == Float32Products.TF32;
        return rounds ? Cublas.CUBLAS_COMPUTE_32F_FAST_TF32 : Cublas.CUBLAS_COMPUTE_32F;
    }

    @Override
    public void close() {
        cublas.cublasDestroy(handle);
        driver.cuMemFree(workspace);
    }
}
