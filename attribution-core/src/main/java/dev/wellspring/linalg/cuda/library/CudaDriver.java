package dev.wellspring.linalg.cuda.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.wellspring.linalg.foreign.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The driver of NVIDIA's GPUs, libcuda, as its header cuda.h declares it. Handles (`CUcontext`, `CUstream`,
/// `CUevent`, `CUmodule`, `CUfunction`) and device pointers are longs; what a function returns through a
/// pointer is returned. All functions throw [CudaException].
public record CudaDriver(
        MethodHandle cuInit,
        MethodHandle cuDriverGetVersion,
        MethodHandle cuDeviceGetCount,
        MethodHandle cuDeviceGet,
        MethodHandle cuDeviceGetName,
        MethodHandle cuDeviceGetAttribute,
        MethodHandle cuDeviceTotalMem,
        MethodHandle cuDevicePrimaryCtxRetain,
        MethodHandle cuDevicePrimaryCtxRelease,
        MethodHandle cuCtxSetCurrent,
        MethodHandle cuMemGetInfo,
        MethodHandle cuMemAlloc,
        MethodHandle cuMemFree,
        MethodHandle cuMemAllocHost,
        MethodHandle cuMemFreeHost,
        MethodHandle cuMemcpyHtoDAsync,
        MethodHandle cuMemcpyDtoHAsync,
        MethodHandle cuMemcpyDtoDAsync,
        MethodHandle cuMemsetD8Async,
        MethodHandle cuStreamCreate,
        MethodHandle cuStreamDestroy,
        MethodHandle cuStreamSynchronize,
        MethodHandle cuStreamWaitEvent,
        MethodHandle cuEventCreate,
        MethodHandle cuEventDestroy,
        MethodHandle cuEventRecord,
        MethodHandle cuEventSynchronize,
        MethodHandle cuModuleLoadData,
        MethodHandle cuModuleUnload,
        MethodHandle cuModuleGetFunction,
        MethodHandle cuFuncSetAttribute,
        MethodHandle cuLaunchKernel,
        MethodHandle cuGetErrorName,
        MethodHandle cuGetErrorString)
        implements StatusFunctions {
    public static final int CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75;
    public static final int CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76;
    public static final int CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = 97;
    public static final int CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES = 8;
    public static final int CU_STREAM_NON_BLOCKING = 1;
    public static final int CU_EVENT_DISABLE_TIMING = 2;
    public static final int CUDA_ERROR_OUT_OF_MEMORY = 2;
    public static final int CUDA_ERROR_NOT_FOUND = 500;

    private static final int NAME_LENGTH = 256;

    /// Free and total bytes of a device.
    public record MemoryInfo(long free, long total) {}

    /// Loads the driver and starts it.
    ///
    /// @throws UnavailableException when there is none, or it lacks a function
    public static CudaDriver open(LibraryLoader loader) {
        CudaDriver driver = loader.open("NVIDIA driver", "libcuda.so.1", CudaDriver::of);
        driver.cuInit(0);
        return driver;
    }

    private static CudaDriver of(NativeFunctions functions) {
        return new CudaDriver(
                functions.status("cuInit", JAVA_INT),
                functions.status("cuDriverGetVersion", ADDRESS),
                functions.status("cuDeviceGetCount", ADDRESS),
                functions.status("cuDeviceGet", ADDRESS, JAVA_INT),
                functions.status("cuDeviceGetName", ADDRESS, JAVA_INT, JAVA_INT),
                functions.status("cuDeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT),
                functions.status("cuDeviceTotalMem_v2", ADDRESS, JAVA_INT),
                functions.status("cuDevicePrimaryCtxRetain", ADDRESS, JAVA_INT),
                functions.status("cuDevicePrimaryCtxRelease_v2", JAVA_INT),
                functions.status("cuCtxSetCurrent", JAVA_LONG),
                functions.status("cuMemGetInfo_v2", ADDRESS, ADDRESS),
                functions.status("cuMemAlloc_v2", ADDRESS, JAVA_LONG),
                functions.status("cuMemFree_v2", JAVA_LONG),
                functions.status("cuMemAllocHost_v2", ADDRESS, JAVA_LONG),
                functions.status("cuMemFreeHost", ADDRESS),
                functions.status("cuMemcpyHtoDAsync_v2", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG),
                functions.status("cuMemcpyDtoHAsync_v2", ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                functions.status("cuMemcpyDtoDAsync_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                functions.status("cuMemsetD8Async", JAVA_LONG, JAVA_BYTE, JAVA_LONG, JAVA_LONG),
                functions.status("cuStreamCreate", ADDRESS, JAVA_INT),
                functions.status("cuStreamDestroy_v2", JAVA_LONG),
                functions.status("cuStreamSynchronize", JAVA_LONG),
                functions.status("cuStreamWaitEvent", JAVA_LONG, JAVA_LONG, JAVA_INT),
                functions.status("cuEventCreate", ADDRESS, JAVA_INT),
                functions.status("cuEventDestroy_v2", JAVA_LONG),
                functions.status("cuEventRecord", JAVA_LONG, JAVA_LONG),
                functions.status("cuEventSynchronize", JAVA_LONG),
                functions.status("cuModuleLoadData", ADDRESS, ADDRESS),
                functions.status("cuModuleUnload", JAVA_LONG),
                functions.status("cuModuleGetFunction", ADDRESS, JAVA_LONG, ADDRESS),
                functions.status("cuFuncSetAttribute", JAVA_LONG, JAVA_INT, JAVA_INT),
                functions.status(
                        "cuLaunchKernel",
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_LONG,
                        ADDRESS,
                        ADDRESS),
                functions.status("cuGetErrorName", JAVA_INT, ADDRESS),
                functions.status("cuGetErrorString", JAVA_INT, ADDRESS));
    }

    // ---- device ----

    public void cuInit(int flags) {
        call("cuInit", () -> (int) cuInit.invokeExact(flags));
    }

    /// The newest CUDA that the driver serves: 12080 for 12.8.
    public int driverVersion() {
        return askInt("cuDriverGetVersion", place -> (int) cuDriverGetVersion.invokeExact(place));
    }

    public int deviceCount() {
        return askInt("cuDeviceGetCount", place -> (int) cuDeviceGetCount.invokeExact(place));
    }

    public int cuDeviceGet(int ordinal) {
        return askInt("cuDeviceGet", place -> (int) cuDeviceGet.invokeExact(place, ordinal));
    }

    public String cuDeviceGetName(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(NAME_LENGTH);
            call("cuDeviceGetName", () -> (int) cuDeviceGetName.invokeExact(name, NAME_LENGTH, device));
            return name.getString(0);
        }
    }

    public int cuDeviceGetAttribute(int attribute, int device) {
        return askInt(
                "cuDeviceGetAttribute", place -> (int) cuDeviceGetAttribute.invokeExact(place, attribute, device));
    }

    public long cuDeviceTotalMem(int device) {
        return ask("cuDeviceTotalMem", place -> (int) cuDeviceTotalMem.invokeExact(place, device));
    }

    public long cuDevicePrimaryCtxRetain(int device) {
        return ask("cuDevicePrimaryCtxRetain", place -> (int) cuDevicePrimaryCtxRetain.invokeExact(place, device));
    }

    public void cuDevicePrimaryCtxRelease(int device) {
        call("cuDevicePrimaryCtxRelease", () -> (int) cuDevicePrimaryCtxRelease.invokeExact(device));
    }

    /// Makes a context the one that the calling thread works in.
    public void cuCtxSetCurrent(long context) {
        call("cuCtxSetCurrent", () -> (int) cuCtxSetCurrent.invokeExact(context));
    }

    // ---- memory ----

    public MemoryInfo memoryInfo() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment free = arena.allocate(JAVA_LONG);
            MemorySegment total = arena.allocate(JAVA_LONG);
            call("cuMemGetInfo", () -> (int) cuMemGetInfo.invokeExact(free, total));
            return new MemoryInfo(free.get(JAVA_LONG, 0), total.get(JAVA_LONG, 0));
        }
    }

    public long cuMemAlloc(long byteSize) {
        return ask("cuMemAlloc", place -> (int) cuMemAlloc.invokeExact(place, byteSize));
    }

    public void cuMemFree(long address) {
        call("cuMemFree", () -> (int) cuMemFree.invokeExact(address));
    }

    /// Pinned memory of the host: the device reads and writes it while this process goes on.
    public MemorySegment cuMemAllocHost(long byteSize) {
        long address = ask("cuMemAllocHost", place -> (int) cuMemAllocHost.invokeExact(place, byteSize));
        return MemorySegment.ofAddress(address).reinterpret(byteSize);
    }

    public void cuMemFreeHost(MemorySegment memory) {
        call("cuMemFreeHost", () -> (int) cuMemFreeHost.invokeExact(memory));
    }

    public void cuMemcpyHtoDAsync(long to, MemorySegment from, long byteSize, long stream) {
        call("cuMemcpyHtoDAsync", () -> (int) cuMemcpyHtoDAsync.invokeExact(to, from, byteSize, stream));
    }

    public void cuMemcpyDtoHAsync(MemorySegment to, long from, long byteSize, long stream) {
        call("cuMemcpyDtoHAsync", () -> (int) cuMemcpyDtoHAsync.invokeExact(to, from, byteSize, stream));
    }

    public void cuMemcpyDtoDAsync(long to, long from, long byteSize, long stream) {
        call("cuMemcpyDtoDAsync", () -> (int) cuMemcpyDtoDAsync.invokeExact(to, from, byteSize, stream));
    }

    public void cuMemsetD8Async(long address, byte value, long byteSize, long stream) {
        call("cuMemsetD8Async", () -> (int) cuMemsetD8Async.invokeExact(address, value, byteSize, stream));
    }

    // ---- streams and events ----

    public long cuStreamCreate(int flags) {
        return ask("cuStreamCreate", place -> (int) cuStreamCreate.invokeExact(place, flags));
    }

    public void cuStreamDestroy(long stream) {
        call("cuStreamDestroy", () -> (int) cuStreamDestroy.invokeExact(stream));
    }

    public void cuStreamSynchronize(long stream) {
        call("cuStreamSynchronize", () -> (int) cuStreamSynchronize.invokeExact(stream));
    }

    /// Work that is asked of the stream from here on comes after what the event was last recorded behind.
    public void cuStreamWaitEvent(long stream, long event) {
        call("cuStreamWaitEvent", () -> (int) cuStreamWaitEvent.invokeExact(stream, event, 0));
    }

    public long cuEventCreate(int flags) {
        return ask("cuEventCreate", place -> (int) cuEventCreate.invokeExact(place, flags));
    }

    public void cuEventDestroy(long event) {
        call("cuEventDestroy", () -> (int) cuEventDestroy.invokeExact(event));
    }

    public void cuEventRecord(long event, long stream) {
        call("cuEventRecord", () -> (int) cuEventRecord.invokeExact(event, stream));
    }

    public void cuEventSynchronize(long event) {
        call("cuEventSynchronize", () -> (int) cuEventSynchronize.invokeExact(event));
    }

    // ---- kernels ----

    /// @param image a cubin, or PTX that ends with a zero
    public long cuModuleLoadData(MemorySegment image) {
        return ask("cuModuleLoadData", place -> (int) cuModuleLoadData.invokeExact(place, image));
    }

    public void cuModuleUnload(long module) {
        call("cuModuleUnload", () -> (int) cuModuleUnload.invokeExact(module));
    }

    public long cuModuleGetFunction(long module, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            return ask("cuModuleGetFunction", place -> (int) cuModuleGetFunction.invokeExact(place, module, text));
        }
    }

    public void cuFuncSetAttribute(long function, int attribute, int value) {
        call("cuFuncSetAttribute", () -> (int) cuFuncSetAttribute.invokeExact(function, attribute, value));
    }

    /// In one dimension.
    ///
    /// @param parameters the addresses of the arguments
    public void cuLaunchKernel(
            long function, int blocks, int threads, int sharedBytes, long stream, MemorySegment parameters) {
        call("cuLaunchKernel", () -> (int) cuLaunchKernel.invokeExact(
                function, blocks, 1, 1, threads, 1, 1, sharedBytes, stream, parameters, MemorySegment.NULL));
    }

    // ---- statuses ----

    @Override
    public CudaException failure(String function, int status) {
        String advice = DriverAdvice.of(status);
        return new CudaException(
                function,
                status,
                text(cuGetErrorName, status) + " (" + status + "), " + text(cuGetErrorString, status)
                        + (advice.isEmpty() ? "" : "; " + advice),
                status == CUDA_ERROR_OUT_OF_MEMORY);
    }

    /// The text is not there for a status that this driver does not know.
    private static String text(MethodHandle function, int status) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ADDRESS);
            int known = (int) function.invokeExact(status, place);
            return known == 0 ? StatusFunctions.string(place.get(ADDRESS, 0)) : "a status of a newer driver";
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }
}
