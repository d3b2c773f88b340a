package dev.wellspring.linalg.cuda.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.wellspring.linalg.foreign.NativeFunctions;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// cuBLAS, as its header cublas_api.h declares it: column-major products. Handles and device pointers are longs; the
/// factors α and β are read from the host during the call. All functions throw [CudaException].
public record Cublas(
        MethodHandle cublasCreate,
        MethodHandle cublasDestroy,
        MethodHandle cublasGetVersion,
        MethodHandle cublasSetStream,
        MethodHandle cublasSetWorkspace,
        MethodHandle cublasSetMathMode,
        MethodHandle cublasGemmEx,
        MethodHandle cublasGemmStridedBatchedEx,
        MethodHandle cublasGetStatusString)
        implements StatusFunctions {
    public static final int CUBLAS_OP_N = 0;
    public static final int CUBLAS_OP_T = 1;
    public static final int CUBLAS_DEFAULT_MATH = 0;
    public static final int CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION = 16;
    public static final int CUBLAS_COMPUTE_32F = 68;
    public static final int CUBLAS_COMPUTE_64F = 70;
    public static final int CUBLAS_COMPUTE_32F_FAST_TF32 = 77;
    public static final int CUBLAS_GEMM_DEFAULT = -1;
    public static final int CUDA_R_32F = 0;
    public static final int CUDA_R_64F = 1;
    public static final int CUDA_R_16BF = 14;

    private static final int CUBLAS_STATUS_ALLOC_FAILED = 3;
    private static final int CUBLAS_STATUS_ARCH_MISMATCH = 8;
    private static final int CUBLAS_STATUS_EXECUTION_FAILED = 13;
    private static final int CUBLAS_STATUS_NOT_SUPPORTED = 15;

    static Cublas of(NativeFunctions functions) {
        return new Cublas(
                functions.status("cublasCreate_v2", ADDRESS),
                functions.status("cublasDestroy_v2", JAVA_LONG),
                functions.status("cublasGetVersion_v2", JAVA_LONG, ADDRESS),
                functions.status("cublasSetStream_v2", JAVA_LONG, JAVA_LONG),
                functions.status("cublasSetWorkspace_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG),
                functions.status("cublasSetMathMode", JAVA_LONG, JAVA_INT),
                functions.status(
                        "cublasGemmEx",
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        ADDRESS,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        ADDRESS,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT),
                functions.status(
                        "cublasGemmStridedBatchedEx",
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        ADDRESS,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_LONG,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_LONG,
                        ADDRESS,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT),
                functions.find("cublasGetStatusString", FunctionDescriptor.of(ADDRESS, JAVA_INT)));
    }

    /// An operand: column-major.
    ///
    /// @param address of the first element
    /// @param type a `cudaDataType`
    /// @param leading elements from one column to the next
    /// @param stride elements from one matrix of a batch to the next; only read in strided batches
    public record Operand(long address, int type, int leading, long stride) {}

    /// What a product is besides its operands.
    ///
    /// @param operationA a `cublasOperation_t`
    /// @param m rows of op(A) and C
    /// @param n columns of op(B) and C
    /// @param k columns of op(A)
    /// @param alpha one number of the type that `compute` implies
    /// @param compute a `cublasComputeType_t`
    public record Shape(
            int operationA,
            int operationB,
            int m,
            int n,
            int k,
            MemorySegment alpha,
            MemorySegment beta,
            int compute) {}

    public long create() {
        return ask("cublasCreate", place -> (int) cublasCreate.invokeExact(place));
    }

    public void cublasDestroy(long handle) {
        call("cublasDestroy", () -> (int) cublasDestroy.invokeExact(handle));
    }

    /// 120901 for 12.9.1.
    public int cublasGetVersion(long handle) {
        return askInt("cublasGetVersion", place -> (int) cublasGetVersion.invokeExact(handle, place));
    }

    /// Also takes away the workspace.
    public void cublasSetStream(long handle, long stream) {
        call("cublasSetStream", () -> (int) cublasSetStream.invokeExact(handle, stream));
    }

    public void cublasSetWorkspace(long handle, long address, long byteSize) {
        call("cublasSetWorkspace", () -> (int) cublasSetWorkspace.invokeExact(handle, address, byteSize));
    }

    public void cublasSetMathMode(long handle, int mode) {
        call("cublasSetMathMode", () -> (int) cublasSetMathMode.invokeExact(handle, mode));
    }

    /// C = α·op(A)·op(B) + β·C.
    public void cublasGemmEx(long handle, Shape shape, Operand a, Operand b, Operand c) {
        call("cublasGemmEx", () -> (int) cublasGemmEx.invokeExact(
                handle,
                shape.operationA,
                shape.operationB,
                shape.m,
                shape.n,
                shape.k,
                shape.alpha,
                a.address,
                a.type,
                a.leading,
                b.address,
                b.type,
                b.leading,
                shape.beta,
                c.address,
                c.type,
                c.leading,
                shape.compute,
                CUBLAS_GEMM_DEFAULT));
    }

    /// The same for `batch` matrices a stride apart.
    public void cublasGemmStridedBatchedEx(long handle, Shape shape, Operand a, Operand b, Operand c, int batch) {
        call("cublasGemmStridedBatchedEx", () -> (int) cublasGemmStridedBatchedEx.invokeExact(
                handle,
                shape.operationA,
                shape.operationB,
                shape.m,
                shape.n,
                shape.k,
                shape.alpha,
                a.address,
                a.type,
                a.leading,
                a.stride,
                b.address,
                b.type,
                b.leading,
                b.stride,
                shape.beta,
                c.address,
                c.type,
                c.leading,
                c.stride,
                batch,
                shape.compute,
                CUBLAS_GEMM_DEFAULT));
    }

    @Override
    public CudaException failure(String function, int status) {
        String advice = switch (status) {
            case CUBLAS_STATUS_ALLOC_FAILED -> "; lower --memory, or end other processes on the device";
            case CUBLAS_STATUS_ARCH_MISMATCH, CUBLAS_STATUS_NOT_SUPPORTED ->
                "; this device or this cuBLAS does not multiply these types: compute in float32";
            case CUBLAS_STATUS_EXECUTION_FAILED -> "; an earlier kernel may have failed: compute-sanitizer names it";
            default -> "";
        };
        return new CudaException(
                function,
                status,
                "CUBLAS_STATUS " + status + " (" + StatusFunctions.text(cublasGetStatusString, status) + ")" + advice,
                status == CUBLAS_STATUS_ALLOC_FAILED);
    }
}
