package dev.wellspring.linalg.cuda.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.wellspring.linalg.foreign.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// cuSOLVER, as its header cusolverDn.h declares it: column-major decompositions. Handles and device pointers are
/// longs. All functions throw [CudaException].
public record Cusolver(
        MethodHandle cusolverDnCreate,
        MethodHandle cusolverDnDestroy,
        MethodHandle cusolverDnSetStream,
        MethodHandle cusolverDnCreateParams,
        MethodHandle cusolverDnDestroyParams,
        MethodHandle cusolverDnXsyevd_bufferSize,
        MethodHandle cusolverDnXsyevd)
        implements StatusFunctions {
    public static final int CUSOLVER_EIG_MODE_VECTOR = 1;
    public static final int CUBLAS_FILL_MODE_LOWER = 0;
    public static final int CUBLAS_FILL_MODE_UPPER = 1;

    public static final int CUSOLVER_STATUS_NOT_SUPPORTED = 9;

    private static final int CUDA_R_64F = 1;
    private static final int CUSOLVER_STATUS_ALLOC_FAILED = 2;

    /// What [#cusolverDnXsyevd] wants as workspace, in bytes.
    public record Workspace(long device, long host) {}

    static Cusolver of(NativeFunctions functions) {
        return new Cusolver(
                functions.status("cusolverDnCreate", ADDRESS),
                functions.status("cusolverDnDestroy", JAVA_LONG),
                functions.status("cusolverDnSetStream", JAVA_LONG, JAVA_LONG),
                functions.status("cusolverDnCreateParams", ADDRESS),
                functions.status("cusolverDnDestroyParams", JAVA_LONG),
                functions.status(
                        "cusolverDnXsyevd_bufferSize",
                        JAVA_LONG,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_LONG,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_LONG,
                        JAVA_INT,
                        ADDRESS,
                        ADDRESS),
                functions.status(
                        "cusolverDnXsyevd",
                        JAVA_LONG,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_LONG,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_LONG,
                        JAVA_LONG,
                        ADDRESS,
                        JAVA_LONG,
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

    /// Options of the 64-bit functions, at first the library's own choice.
    public long createParams() {
        return ask("cusolverDnCreateParams", place -> (int) cusolverDnCreateParams.invokeExact(place));
    }

    public void cusolverDnDestroyParams(long parameters) {
        call("cusolverDnDestroyParams", () -> (int) cusolverDnDestroyParams.invokeExact(parameters));
    }

    /// A symmetric matrix of doubles, column-major, and where its eigenvalues go.
    ///
    /// @param triangle a `cublasFillMode_t`: which one is read
    /// @param leading elements from one column to the next
    public record Symmetric(int triangle, long n, long matrix, long leading, long values) {}

    /// @param mode a `cusolverEigMode_t`
    public Workspace cusolverDnXsyevdBufferSize(long handle, long parameters, int mode, Symmetric a) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment device = arena.allocate(JAVA_LONG);
            MemorySegment host = arena.allocate(JAVA_LONG);
            call("cusolverDnXsyevd_bufferSize", () -> (int) cusolverDnXsyevd_bufferSize.invokeExact(
                    handle,
                    parameters,
                    mode,
                    a.triangle,
                    a.n,
                    CUDA_R_64F,
                    a.matrix,
                    a.leading,
                    CUDA_R_64F,
                    a.values,
                    CUDA_R_64F,
                    device,
                    host));
            return new Workspace(device.get(JAVA_LONG, 0), host.get(JAVA_LONG, 0));
        }
    }

    /// Eigenvalues, rising, and with `CUSOLVER_EIG_MODE_VECTOR` eigenvectors in the matrix's columns. When it fails
    /// the matrix may be overwritten already.
    ///
    /// @param workspace on the device, of as many bytes as said
    /// @param host workspace on the host, of as many bytes as said, until the work is done; null for none
    /// @param info on the device, an int: 0 for success
    public void cusolverDnXsyevd(
            long handle,
            long parameters,
            int mode,
            Symmetric a,
            long workspace,
            long byteSize,
            MemorySegment host,
            long info) {
        call("cusolverDnXsyevd", () -> (int) cusolverDnXsyevd.invokeExact(
                handle,
                parameters,
                mode,
                a.triangle,
                a.n,
                CUDA_R_64F,
                a.matrix,
                a.leading,
                CUDA_R_64F,
                a.values,
                CUDA_R_64F,
                workspace,
                byteSize,
                host,
                host.byteSize(),
                info));
    }

    @Override
    public CudaException failure(String function, int status) {
        String explanation = switch (status) {
            case 1 -> "CUSOLVER_STATUS_NOT_INITIALIZED (1); see whether nvidia-smi works";
            case CUSOLVER_STATUS_ALLOC_FAILED ->
                "CUSOLVER_STATUS_ALLOC_FAILED (2); lower --memory, or end other processes on the device";
            case 3 -> "CUSOLVER_STATUS_INVALID_VALUE (3)";
            case 4 -> "CUSOLVER_STATUS_ARCH_MISMATCH (4); this cuSOLVER does not know the device: install a newer one";
            case 6 ->
                "CUSOLVER_STATUS_EXECUTION_FAILED (6); an earlier kernel may have failed: compute-sanitizer names it";
            case 7 -> "CUSOLVER_STATUS_INTERNAL_ERROR (7)";
            case CUSOLVER_STATUS_NOT_SUPPORTED -> "CUSOLVER_STATUS_NOT_SUPPORTED (9)";
            default -> "CUSOLVER_STATUS " + status;
        };
        return new CudaException(function, status, explanation, status == CUSOLVER_STATUS_ALLOC_FAILED);
    }
}
