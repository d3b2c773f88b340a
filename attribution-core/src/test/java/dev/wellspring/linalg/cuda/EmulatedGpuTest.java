package dev.wellspring.linalg.cuda;

/// On the CUDA of plain C++, with little memory.
class EmulatedGpuTest extends GpuContract {
    private static final long MEMORY = 512L << 20;

    @Override
    Gpu open() {
        return CudaUnderTest.emulated(new EmulatedCuda.Configuration(1, 90, 12_080, MEMORY));
    }
}
