package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.library.CudaDriver;
import dev.wellspring.linalg.cuda.library.CudaException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/// Kernels on a device, by name.
final class KernelModule implements AutoCloseable {
    /// More shared memory than this has to be asked for once, kernel by kernel.
    private static final int GRANTED_BYTES = 48 << 10;

    /// The largest grid on its only axis; kernels loop over what exceeds it.
    private static final long MOST_BLOCKS = Integer.MAX_VALUE;

    private final CudaDriver driver;
    private final long stream;
    private final long module;
    private final Map<String, Kernel> kernels = new HashMap<>();

    /// One `CUfunction`, and how much shared memory it may have.
    private static final class Kernel {
        private final long function;
        private int granted = GRANTED_BYTES;

        Kernel(long function) {
            this.function = function;
        }
    }

    /// @param image a cubin, or PTX that ends with a zero
    KernelModule(CudaDriver driver, long stream, byte[] image) {
        this.driver = driver;
        this.stream = stream;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(image.length, Long.BYTES);
            module = driver.cuModuleLoadData(copy.copyFrom(MemorySegment.ofArray(image)));
        }
    }

    /// See [Gpu#launch].
    void launch(String name, long blocks, int threads, int sharedBytes, KernelArguments arguments) {
        if (blocks < 1 || threads < 1 || sharedBytes < 0) {
            throw new IllegalArgumentException(name + ": expected blocks and threads >= 1 and shared bytes >= 0, got "
                    + blocks + ", " + threads + " and " + sharedBytes);
        }
        Kernel kernel = kernels.computeIfAbsent(name, this::find);
        if (sharedBytes > kernel.granted) {
            driver.cuFuncSetAttribute(
                    kernel.function, CudaDriver.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, sharedBytes);
            kernel.granted = sharedBytes;
        }
        int grid = (int) Math.min(blocks, MOST_BLOCKS);
        driver.cuLaunchKernel(kernel.function, grid, threads, sharedBytes, stream, arguments.addresses());
    }

    private Kernel find(String name) {
        try {
            return new Kernel(driver.cuModuleGetFunction(module, name));
        } catch (CudaException failure) {
            if (failure.status() == CudaDriver.CUDA_ERROR_NOT_FOUND) {
                throw new IllegalArgumentException("kernel: expected the name of one, got " + name, failure);
            }
            throw failure;
        }
    }

    @Override
    public void close() {
        driver.cuModuleUnload(module);
    }
}
