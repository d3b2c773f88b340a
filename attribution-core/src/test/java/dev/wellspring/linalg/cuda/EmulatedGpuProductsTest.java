package dev.wellspring.linalg.cuda;

import static org.junit.jupiter.api.Assumptions.abort;

/// On the CUDA of plain C++, with little memory.
class EmulatedGpuProductsTest extends GpuProductsContract {
    private static final long MEMORY = 512L << 20;

    @Override
    Gpu open() {
        EmulatedCuda cuda = EmulatedCuda.orSkip();
        cuda.configure(new EmulatedCuda.Configuration(1, 90, 12_080, MEMORY));
        Gpu.Opening opening = Gpu.open(
                cuda.paths(),
                0,
                Gpu.Float32Products.EXACT,
                KernelSources.ofResources(),
                new KernelCache(cuda.folder().resolve("kernels")));
        return switch (opening) {
            case Gpu.Opened(Gpu gpu) -> gpu;
            case Gpu.Absent(String reason) -> abort(reason);
        };
    }
}
