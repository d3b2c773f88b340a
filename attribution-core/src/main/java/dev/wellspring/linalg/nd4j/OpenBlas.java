package dev.wellspring.linalg.nd4j;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.LAPACK_ROW_MAJOR;
import static org.bytedeco.openblas.global.openblas.LAPACK_TRANSPOSE_MEMORY_ERROR;
import static org.bytedeco.openblas.global.openblas.LAPACK_WORK_MEMORY_ERROR;

import dev.wellspring.linalg.host.Lapack;
import dev.wellspring.linalg.host.Matrix;
import dev.wellspring.tensor.DType;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandleProxies;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;

/// The OpenBLAS that ND4J itself is linked against, called past ND4J where that is slow or has no name for it.
/// Everything runs on the calling thread; whoever calls spreads pieces over threads.
final class OpenBlas implements Lapack {
    private static final int CONFIG_LENGTH = 512;

    OpenBlas() {
        NativeCode.liftMemoryLimits();
        Loader.load(openblas.class);
    }

    /// What the library says of itself, for example `OpenBLAS 0.3.31 DYNAMIC_ARCH NO_AFFINITY SkylakeX
    /// MAX_THREADS=64`: its version, and the processor whose kernels it runs. Empty when another BLAS has been
    /// put in its place.
    static Optional<String> config() {
        Loader.load(openblas.class);
        Pointer function = Loader.addressof("openblas_get_config");
        if (function == null || function.isNull()) {
            return Optional.empty();
        }
        var text = MemoryLayout.sequenceLayout(CONFIG_LENGTH, ValueLayout.JAVA_BYTE);
        Supplier<?> call = MethodHandleProxies.asInterfaceInstance(
                Supplier.class,
                Linker.nativeLinker()
                        .downcallHandle(
                                MemorySegment.ofAddress(function.address()),
                                FunctionDescriptor.of(ValueLayout.ADDRESS.withTargetLayout(text))));
        return Optional.of(((MemorySegment) call.get()).getString(0));
    }

    /// Keeps the following calls on the calling thread; ND4J sets the number too. Threads of BLAS spin while
    /// they wait for each other: with another process on the second core, an eigendecomposition of 1024 rows
    /// took 8 s instead of 0.2 s.
    void useOneThread() {
        if (openblas.blas_get_num_threads() != 1) {
            openblas.blas_set_num_threads(1);
        }
    }

    /// C = α·A·B + β·C.
    void gemm(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        useOneThread();
        int m = c.rows();
        int n = c.columns();
        int k = a.columns();
        switch (c.type()) {
            case FLOAT32 ->
                openblas.cblas_sgemm(
                        CblasRowMajor,
                        operation(a),
                        operation(b),
                        m,
                        n,
                        k,
                        (float) alpha,
                        Pointers.floats(a.memory()),
                        a.leading(),
                        Pointers.floats(b.memory()),
                        b.leading(),
                        (float) beta,
                        Pointers.floats(c.memory()),
                        c.leading());
            case FLOAT64 ->
                openblas.cblas_dgemm(
                        CblasRowMajor,
                        operation(a),
                        operation(b),
                        m,
                        n,
                        k,
                        alpha,
                        Pointers.doubles(a.memory()),
                        a.leading(),
                        Pointers.doubles(b.memory()),
                        b.leading(),
                        beta,
                        Pointers.doubles(c.memory()),
                        c.leading());
            case BFLOAT16, FLOAT16, INT32 -> throw noBlasFor(c.type());
        }
    }

    /// y = α·op(A)·x + β·y, where op(A) is A as read or its transpose.
    void gemv(double alpha, Matrix a, boolean turned, Vector x, double beta, Vector y) {
        useOneThread();
        int operation = a.transposed() == turned ? CblasNoTrans : CblasTrans;
        int m = a.storedRows();
        int n = a.storedColumns();
        switch (a.type()) {
            case FLOAT32 ->
                openblas.cblas_sgemv(
                        CblasRowMajor,
                        operation,
                        m,
                        n,
                        (float) alpha,
                        Pointers.floats(a.memory()),
                        a.leading(),
                        Pointers.floats(x.memory()),
                        x.step(),
                        (float) beta,
                        Pointers.floats(y.memory()),
                        y.step());
            case FLOAT64 ->
                openblas.cblas_dgemv(
                        CblasRowMajor,
                        operation,
                        m,
                        n,
                        alpha,
                        Pointers.doubles(a.memory()),
                        a.leading(),
                        Pointers.doubles(x.memory()),
                        x.step(),
                        beta,
                        Pointers.doubles(y.memory()),
                        y.step());
            case BFLOAT16, FLOAT16, INT32 -> throw noBlasFor(a.type());
        }
    }

    /// Elements that lie `step` apart.
    record Vector(MemorySegment memory, int step) {}

    /// LAPACK's divide and conquer, four to seven times as fast as the QR iteration in ND4J's `Eigen`.
    @Override
    public void syevd(Matrix a, MemorySegment values) {
        useOneThread();
        int info = openblas.LAPACKE_dsyevd(
                LAPACK_ROW_MAJOR,
                (byte) 'V',
                (byte) 'L',
                a.rows(),
                Pointers.doubles(a.memory()),
                a.leading(),
                Pointers.doubles(values));
        requireSuccess("syevd", a, info);
    }

    @Override
    public void gesdd(Matrix a, MemorySegment s, Matrix u, Matrix vt) {
        useOneThread();
        int info = openblas.LAPACKE_dgesdd(
                LAPACK_ROW_MAJOR,
                (byte) 'S',
                a.rows(),
                a.columns(),
                Pointers.doubles(a.memory()),
                a.leading(),
                Pointers.doubles(s),
                Pointers.doubles(u.memory()),
                u.leading(),
                Pointers.doubles(vt.memory()),
                vt.leading());
        requireSuccess("gesdd", a, info);
    }

    @Override
    public void orthonormalise(Matrix a, MemorySegment reflectors) {
        useOneThread();
        var memory = Pointers.doubles(a.memory());
        var tau = Pointers.doubles(reflectors);
        int info = openblas.LAPACKE_dgeqrf(LAPACK_ROW_MAJOR, a.rows(), a.columns(), memory, a.leading(), tau);
        requireSuccess("geqrf", a, info);
        info = openblas.LAPACKE_dorgqr(LAPACK_ROW_MAJOR, a.rows(), a.columns(), a.columns(), memory, a.leading(), tau);
        requireSuccess("orgqr", a, info);
    }

    private static int operation(Matrix matrix) {
        return matrix.transposed() ? CblasTrans : CblasNoTrans;
    }

    private static void requireSuccess(String routine, Matrix a, int info) {
        if (info == LAPACK_WORK_MEMORY_ERROR || info == LAPACK_TRANSPOSE_MEMORY_ERROR) {
            throw new OutOfMemoryError(routine + " of a " + a.rows() + " x " + a.columns()
                    + " matrix: expected memory for LAPACK's workspace, found none");
        }
        if (info < 0) {
            throw new ArithmeticException(routine + " of a " + a.rows() + " x " + a.columns()
                    + " matrix: expected finite numbers, got NaN or an infinity");
        }
        if (info > 0) {
            throw new ArithmeticException(routine + " of a " + a.rows() + " x " + a.columns()
                    + " matrix: expected convergence, got LAPACK info " + info);
        }
    }

    private static IllegalArgumentException noBlasFor(DType type) {
        return new IllegalArgumentException("expected FLOAT32 or FLOAT64, got " + type);
    }
}
