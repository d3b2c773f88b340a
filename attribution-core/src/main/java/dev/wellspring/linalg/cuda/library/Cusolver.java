package dev.wellspring.linalg.cuda.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.wellspring.linalg.foreign.NativeFunctions;
import java.lang.invoke.MethodHandle;

/// cuSOLVER, as its header cusolverDn.h declares it: column-major decompositions. Handles and device pointers are
/// longs. All functions throw [CudaException].
public record Cusolver(
        MethodHandle cusolverDnCreate,
        MethodHandle cusolverDnDestroy,
        MethodHandle cusolverDnSetStream,
        MethodHandle cusolverDnDsyevd_bufferSize,
        MethodHandle cusolverDnDsyevd)
        implements StatusFunctions {
    public static final int CUSOLVER_EIG_MODE_VECTOR = 1;
    public static final int CUBLAS_FILL_MODE_LOWER = 0;
    public static final int CUBLAS_FILL_MODE_UPPER = 1;

    static Cusolver of(NativeFunctions functions) {
        return new Cusolver(
                functions.status("cusolverDnCreate", ADDRESS),
                functions.status("cusolverDnDestroy", JAVA_LONG),
                functions.status("cusolverDnSetStream", JAVA_LONG, JAVA_LONG),
                functions.status(
                        "cusolverDnDsyevd_bufferSize",
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_LONG,
                        ADDRESS),
                functions.status(
                        "cusolverDnDsyevd",
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_LONG,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_LONG));
    }

    public long create() {
        return ask("cusolverDnCreate", place -> (int) cusolverDnCreate.invokeExact(place));
    }

    public void cusolverDnDestroy(long handle) {
        call("cusolverDnDestroy", () -> (int) cusolverDnDestroy.invokeExact(handle));
    }

    public void cusolverDnSetStream(long handle, long stream) {
        call("cusolverDnSetStream", () -> (int) cusolverDnSetStream.invokeExact(handle, stream));
    }

    /// How many doubles [#cusolverDnDsyevd] wants as workspace.
    public int cusolverDnDsyevdBufferSize(
            long handle, int mode, int triangle, int n, long matrix, int leading, long values) {
        return askInt("cusolverDnDsyevd_bufferSize", place -> (int)
                cusolverDnDsyevd_bufferSize.invokeExact(handle, mode, triangle, n, matrix, leading, values, place));
    }

    /// Eigenvalues, rising, and with `CUSOLVER_EIG_MODE_VECTOR` eigenvectors in the matrix's columns.
    ///
    /// @param workspace of as many doubles as said
    /// @param info on the device, an int: 0 for success
    public void cusolverDnDsyevd(
            long handle,
            int mode,
            int triangle,
            int n,
            long matrix,
            int leading,
            long values,
            long workspace,
            int doubles,
            long info) {
        call("cusolverDnDsyevd", () -> (int) cusolverDnDsyevd.invokeExact(
                handle, mode, triangle, n, matrix, leading, values, workspace, doubles, info));
    }

    @Override
    public CudaException failure(String function, int status) {
        String explanation = switch (status) {
            case 1 -> "CUSOLVER_STATUS_NOT_INITIALIZED (1); see whether nvidia-smi works";
            case 2 -> "CUSOLVER_STATUS_ALLOC_FAILED (2); lower --memory, or end other processes on the device";
            case 3 -> "CUSOLVER_STATUS_INVALID_VALUE (3)";
            case 4 -> "CUSOLVER_STATUS_ARCH_MISMATCH (4); this cuSOLVER does not know the device: install a newer one";
            case 6 ->
                "CUSOLVER_STATUS_EXECUTION_FAILED (6); an earlier kernel may have failed: compute-sanitizer names it";
            case 7 -> "CUSOLVER_STATUS_INTERNAL_ERROR (7)";
            case 9 -> "CUSOLVER_STATUS_NOT_SUPPORTED (9)";
            default -> "CUSOLVER_STATUS " + status;
        };
        return new CudaException(function, status, explanation);
    }
}
