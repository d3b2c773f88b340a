package dev.wellspring.linalg.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.wellspring.linalg.foreign.NativeFunctions;
import dev.wellspring.linalg.host.Lapack;
import dev.wellspring.linalg.host.Matrix;
import dev.wellspring.linalg.host.MatrixProduct;
import dev.wellspring.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/// OpenBLAS through `java.lang.foreign`: products and decompositions on the calling thread. Its own threads stay
/// unused, since they spin while they wait for each other: with another process on the second core a product was ten
/// times slower. Whoever calls spreads pieces over threads.
///
/// The handles read like its headers, cblas.h and lapacke.h.
final class OpenBlas implements MatrixProduct, Lapack {
    static final NativeLibrary LIBRARY = new NativeLibrary(
            "openblas",
            "/org/bytedeco/openblas",
            List.of(
                    System.mapLibraryName("openblas")
                            + (System.mapLibraryName("x").endsWith(".so") ? ".0" : ""),
                    "libgfortran.so.5",
                    "libquadmath.so.0",
                    "libgcc_s.so.1"));

    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSE = 112;
    private static final int LOWER = 122;

    /// AᵀA of columns of length 1 that differs from the identity by no more than this, all numbers together, has no
    /// eigenvalue below a half: its Cholesky factor turns the columns into orthonormal ones to the last digits.
    private static final double NEAR = 0.5;

    private static final int CHOLESKY_PASSES = 2;

    private static final int WORK_MEMORY_ERROR = -1010;
    private static final int TRANSPOSE_MEMORY_ERROR = -1011;
    private static final int CONFIG_LENGTH = 512;

    private final MethodHandle sgemm;
    private final MethodHandle dgemm;
    private final MethodHandle sgemv;
    private final MethodHandle dgemv;
    private final MethodHandle ssyrk;
    private final MethodHandle dsyrk;
    private final MethodHandle dsyevd;
    private final MethodHandle dgesdd;
    private final MethodHandle dgeqrf;
    private final MethodHandle dorgqr;
    private final MethodHandle dpotrf;
    private final MethodHandle dtrtri;
    private final String config;

    /// Unpacks and loads the library.
    ///
    /// @throws UnsatisfiedLinkError as [NativeLibrary#open] does, or when it lacks a function
    OpenBlas() {
        NativeFunctions functions = LIBRARY.functions();
        sgemm = functions.find("cblas_sgemm", gemm(JAVA_FLOAT));
        dgemm = functions.find("cblas_dgemm", gemm(JAVA_DOUBLE));
        sgemv = functions.find("cblas_sgemv", gemv(JAVA_FLOAT));
        dgemv = functions.find("cblas_dgemv", gemv(JAVA_DOUBLE));
        ssyrk = functions.find("cblas_ssyrk", syrk(JAVA_FLOAT));
        dsyrk = functions.find("cblas_dsyrk", syrk(JAVA_DOUBLE));
        dsyevd = functions.find(
                "LAPACKE_dsyevd",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_BYTE, JAVA_BYTE, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
        dgesdd = functions.find(
                "LAPACKE_dgesdd",
                FunctionDescriptor.of(
                        JAVA_INT, JAVA_INT, JAVA_BYTE, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS,
                        JAVA_INT, ADDRESS, JAVA_INT));
        dgeqrf = functions.find(
                "LAPACKE_dgeqrf",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
        dorgqr = functions.find(
                "LAPACKE_dorgqr",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
        dpotrf = functions.find(
                "LAPACKE_dpotrf", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_BYTE, JAVA_INT, ADDRESS, JAVA_INT));
        dtrtri = functions.find(
                "LAPACKE_dtrtri",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_BYTE, JAVA_BYTE, JAVA_INT, ADDRESS, JAVA_INT));
        config = config(functions);
        useOneThread(functions);
    }

    private static FunctionDescriptor gemm(MemoryLayout number) {
        return FunctionDescriptor.ofVoid(
                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, number, ADDRESS, JAVA_INT, ADDRESS,
                JAVA_INT, number, ADDRESS, JAVA_INT);
    }

    private static FunctionDescriptor gemv(MemoryLayout number) {
        return FunctionDescriptor.ofVoid(
                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, number, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, number, ADDRESS,
                JAVA_INT);
    }

    private static FunctionDescriptor syrk(MemoryLayout number) {
        return FunctionDescriptor.ofVoid(
                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, number, ADDRESS, JAVA_INT, number, ADDRESS, JAVA_INT);
    }

    private static String config(NativeFunctions functions) {
        var text = MemoryLayout.sequenceLayout(CONFIG_LENGTH, JAVA_BYTE);
        MethodHandle call =
                functions.find("openblas_get_config", FunctionDescriptor.of(ADDRESS.withTargetLayout(text)));
        try {
            return ((MemorySegment) call.invokeExact()).getString(0);
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    private static void useOneThread(NativeFunctions functions) {
        MethodHandle call = functions.find("openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
        try {
            call.invokeExact(1);
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// What the library says of itself, for example `OpenBLAS 0.3.31 DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=64`:
    /// its version, and the processor whose kernels it runs.
    String config() {
        return config;
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    // ---- products ----

    @Override
    public void multiply(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        if (c.rows() == 1) {
            var row = new Vector(a.memory(), a.transposed() ? a.leading() : 1);
            clearIfUnread(beta, c);
            gemv(alpha, b, true, row, beta, new Vector(c.memory(), 1));
        } else if (c.columns() == 1) {
            var column = new Vector(b.memory(), b.transposed() ? 1 : b.leading());
            clearIfUnread(beta, c);
            gemv(alpha, a, false, column, beta, new Vector(c.memory(), c.leading()));
        } else {
            gemm(alpha, a, b, beta, c);
        }
    }

    /// Elements that lie `step` apart.
    private record Vector(MemorySegment memory, int step) {}

    private void gemm(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        try {
            switch (c.type()) {
                case FLOAT32 ->
                    sgemm.invokeExact(
                            ROW_MAJOR,
                            operation(a.transposed()),
                            operation(b.transposed()),
                            c.rows(),
                            c.columns(),
                            a.columns(),
                            (float) alpha,
                            a.memory(),
                            a.leading(),
                            b.memory(),
                            b.leading(),
                            (float) beta,
                            c.memory(),
                            c.leading());
                case FLOAT64 ->
                    dgemm.invokeExact(
                            ROW_MAJOR,
                            operation(a.transposed()),
                            operation(b.transposed()),
                            c.rows(),
                            c.columns(),
                            a.columns(),
                            alpha,
                            a.memory(),
                            a.leading(),
                            b.memory(),
                            b.leading(),
                            beta,
                            c.memory(),
                            c.leading());
                case BFLOAT16, FLOAT16, INT32 -> throw noBlasFor(c.type());
            }
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// y = α·op(A)·x + β·y, where op(A) is A as read or, `turned`, its transpose.
    private void gemv(double alpha, Matrix a, boolean turned, Vector x, double beta, Vector y) {
        int operation = operation(a.transposed() != turned);
        try {
            switch (a.type()) {
                case FLOAT32 ->
                    sgemv.invokeExact(
                            ROW_MAJOR,
                            operation,
                            a.storedRows(),
                            a.storedColumns(),
                            (float) alpha,
                            a.memory(),
                            a.leading(),
                            x.memory(),
                            x.step(),
                            (float) beta,
                            y.memory(),
                            y.step());
                case FLOAT64 ->
                    dgemv.invokeExact(
                            ROW_MAJOR,
                            operation,
                            a.storedRows(),
                            a.storedColumns(),
                            alpha,
                            a.memory(),
                            a.leading(),
                            x.memory(),
                            x.step(),
                            beta,
                            y.memory(),
                            y.step());
                case BFLOAT16, FLOAT16, INT32 -> throw noBlasFor(a.type());
            }
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    @Override
    public void lowerRankUpdate(double alpha, Matrix x, double beta, Matrix c) {
        clearIfUnread(beta, c);
        try {
            switch (c.type()) {
                case FLOAT32 ->
                    ssyrk.invokeExact(
                            ROW_MAJOR,
                            LOWER,
                            operation(!x.transposed()),
                            c.rows(),
                            x.rows(),
                            (float) alpha,
                            x.memory(),
                            x.leading(),
                            (float) beta,
                            c.memory(),
                            c.leading());
                case FLOAT64 ->
                    dsyrk.invokeExact(
                            ROW_MAJOR,
                            LOWER,
                            operation(!x.transposed()),
                            c.rows(),
                            x.rows(),
                            alpha,
                            x.memory(),
                            x.leading(),
                            beta,
                            c.memory(),
                            c.leading());
                case BFLOAT16, FLOAT16, INT32 -> throw noBlasFor(c.type());
            }
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// BLAS lets NaN in the old value through when it only scales by zero.
    private static void clearIfUnread(double beta, Matrix c) {
        for (long row = 0; beta == 0 && row < c.rows(); row++) {
            long size = c.type().byteSize();
            c.memory().asSlice(row * c.leading() * size, c.columns() * size).fill((byte) 0);
        }
    }

    // ---- decompositions ----

    /// LAPACK's divide and conquer, four to seven times as fast as the QR iteration.
    @Override
    public void syevd(Matrix a, MemorySegment values) {
        try {
            int info = (int)
                    dsyevd.invokeExact(ROW_MAJOR, (byte) 'V', (byte) 'L', a.rows(), a.memory(), a.leading(), values);
            requireSuccess("syevd", a, info);
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    @Override
    public void gesdd(Matrix a, MemorySegment s, Matrix u, Matrix vt) {
        try {
            int info = (int) dgesdd.invokeExact(
                    ROW_MAJOR,
                    (byte) 'S',
                    a.rows(),
                    a.columns(),
                    a.memory(),
                    a.leading(),
                    s,
                    u.memory(),
                    u.leading(),
                    vt.memory(),
                    vt.leading());
            requireSuccess("gesdd", a, info);
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// By Cholesky factors of AᵀA, which is products, and once more where the columns were not near to orthogonal
    /// (CholeskyQR2, Yamamoto and others 2015). Where they depend too much on each other for that, by Householder
    /// reflections, which take four times as long.
    @Override
    public void orthonormalise(Matrix a, MemorySegment reflectors) {
        int n = a.columns();
        try (Arena arena = Arena.ofConfined()) {
            Matrix original = copy(arena, a);
            Matrix source = original;
            Matrix gram = scratch(arena, n, n);
            for (int pass = 0; pass < CHOLESKY_PASSES; pass++) {
                lowerRankUpdate(1, source, 0, gram);
                boolean near = distance(gram) <= NEAR;
                if (!invertCholesky(gram)) {
                    break;
                }
                multiply(1, source, gram.turned(), 0, a);
                if (near) {
                    return;
                }
                source = copy(arena, a);
            }
            MemorySegment.copy(original.memory(), 0, a.memory(), 0, span(a));
        }
        reflect(a, reflectors);
    }

    /// The same with whatever lies between its rows.
    private static Matrix copy(Arena arena, Matrix a) {
        Matrix copy = scratch(arena, a.rows(), a.leading());
        MemorySegment.copy(a.memory(), 0, copy.memory(), 0, span(a));
        return copy.columns(0, a.columns());
    }

    private static Matrix scratch(Arena arena, int rows, int columns) {
        MemorySegment memory = arena.allocate((long) rows * columns * Double.BYTES, Double.BYTES);
        return new Matrix(memory, DType.FLOAT64, rows, columns, columns, false);
    }

    /// The bytes from a matrix' first element to its last.
    private static long span(Matrix a) {
        return ((a.rows() - 1L) * a.leading() + a.columns()) * a.type().byteSize();
    }

    /// How far the product of columns with each other is from diagonal, each taken with length 1: the root of the sum
    /// of squares beside the diagonal.
    private static double distance(Matrix gram) {
        double sum = 0;
        for (int i = 0; i < gram.rows(); i++) {
            for (int j = 0; j < i; j++) {
                double shared = at(gram, i, j);
                sum += 2 * shared * shared / (at(gram, i, i) * at(gram, j, j));
            }
        }
        return Math.sqrt(sum);
    }

    private static double at(Matrix square, int i, int j) {
        return square.memory().getAtIndex(JAVA_DOUBLE, (long) i * square.leading() + j);
    }

    /// L·Lᵀ becomes L⁻¹, or anything where it is not positive definite.
    ///
    /// @return whether it is
    private boolean invertCholesky(Matrix gram) {
        int n = gram.rows();
        try {
            int info = (int) dpotrf.invokeExact(ROW_MAJOR, (byte) 'L', n, gram.memory(), n);
            if (info == 0) {
                info = (int) dtrtri.invokeExact(ROW_MAJOR, (byte) 'L', (byte) 'N', n, gram.memory(), n);
            }
            return info == 0;
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    private void reflect(Matrix a, MemorySegment reflectors) {
        int m = a.rows();
        int n = a.columns();
        try {
            int info = (int) dgeqrf.invokeExact(ROW_MAJOR, m, n, a.memory(), a.leading(), reflectors);
            requireSuccess("geqrf", a, info);
            info = (int) dorgqr.invokeExact(ROW_MAJOR, m, n, n, a.memory(), a.leading(), reflectors);
            requireSuccess("orgqr", a, info);
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    private static int operation(boolean transposed) {
        return transposed ? TRANSPOSE : NO_TRANSPOSE;
    }

    private static void requireSuccess(String routine, Matrix a, int info) {
        String what = routine + " of a " + a.rows() + " x " + a.columns() + " matrix";
        if (info == WORK_MEMORY_ERROR || info == TRANSPOSE_MEMORY_ERROR) {
            throw new OutOfMemoryError(what + ": expected memory for LAPACK's workspace, found none");
        }
        if (info < 0) {
            throw new ArithmeticException(what + ": expected finite numbers, got NaN or an infinity");
        }
        if (info > 0) {
            throw new ArithmeticException(what + ": expected convergence, got LAPACK info " + info);
        }
    }

    private static IllegalArgumentException noBlasFor(DType type) {
        return new IllegalArgumentException("expected FLOAT32 or FLOAT64, got " + type);
    }
}
