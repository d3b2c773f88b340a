package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wellspring.linalg.cuda.library.CudaException;
import org.junit.jupiter.api.Test;

/// On the CUDA of plain C++, with little memory.
class EmulatedGpuTest extends GpuContract {
    private static final long MEMORY = 512L << 20;

    @Override
    Gpu open() {
        return CudaUnderTest.emulated(new EmulatedCuda.Configuration(1, 90, 12_080, MEMORY));
    }

    @Test
    void aContextIsHeldOnceHoweverOftenADeviceIsOpened() {
        EmulatedCuda cuda = EmulatedCuda.orSkip();
        long retained = cuda.contextsRetained();
        assertThat(retained).isPositive();
        for (int round = 0; round < 3; round++) {
            open().close();
            assertThat(cuda.contextsRetained()).isEqualTo(retained);
        }
    }

    /// The emulated cuSOLVER is of CUDA 12.
    @Test
    void aMatrixBeyondThe32BitsOfCuda12IsRefusedBeforeItIsRead() {
        try (Gpu gpu = open()) {
            assertThatExceptionOfType(CudaException.class)
                    .isThrownBy(() -> gpu.symmetricEigen(0, 26_755, 0))
                    .withMessage("cusolverDnXsyevd: expected success, got a 26755 x 26755 matrix, whose workspace is"
                            + " beyond 2^31 numbers, which cuSOLVER of CUDA 12 does not take; install that of CUDA 13,"
                            + " and a driver that serves it");
        }
        Eigendecomposition.requireServed(26_754, 12);
        Eigendecomposition.requireServed(26_755, 13);
    }
}
