package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.cuda.library.CudaException;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Libraries and kernels take memory of the device for themselves, which blocks that are kept may leave too
/// little of.
class DeviceRoomTest {
    /// Of the device: what cuBLAS is given at the start, what blocks are kept beside, and more than [#BLOCK].
    private static final long MEMORY = (32L << 20) + DevicePool.LIBRARIES + (100L << 20);

    private static final long BLOCK = 40L << 20;

    /// Is there but for one block.
    private static final long NEED = DevicePool.LIBRARIES + (80L << 20);

    private final EmulatedCuda cuda = EmulatedCuda.orSkip();

    @AfterEach
    void needNothing() {
        cuda.need(0);
    }

    @Test
    void aProductThatRunsOutOfMemoryGetsWhatWasKept() {
        try (Gpu gpu = open()) {
            keep(gpu);
            assertThat(square(gpu, 3)).isEqualTo(9);
        }
    }

    @Test
    void aKernelThatRunsOutOfMemoryGetsWhatWasKept() {
        try (Gpu gpu = open();
                DeviceMemory memory = gpu.allocate(Double.BYTES)) {
            keep(gpu);
            Tensor one = Tensor.of(memory, DType.FLOAT64, 1);
            gpu.launch("fill_d", 1, 256, 0, gpu.arguments().view(one).number(0.25));
            assertThat(read(gpu, memory)).isEqualTo(0.25);
        }
    }

    /// cuSOLVER may have overwritten the matrix by then.
    @Test
    void anEigendecompositionThatRunsOutOfMemoryBeginsAnew() {
        try (LinearAlgebra algebra = new CudaLinearAlgebra(open(), new ReferenceLinearAlgebra());
                Tensor a = algebra.allocate(DType.FLOAT64, 2, 2);
                Tensor values = algebra.allocate(DType.FLOAT64, 2);
                Tensor vectors = algebra.allocate(DType.FLOAT64, 2, 2)) {
            algebra.upload(MemorySegment.ofArray(new double[] {2, 1, 1, 2}), DType.FLOAT64, a);
            algebra.eigh(a, values, vectors); // asks for all of its own memory, and leaves it kept
            algebra.allocate(DType.FLOAT32, BLOCK / Float.BYTES).close();
            cuda.need(NEED);
            algebra.eigh(a, values, vectors);
            double[] found = new double[2];
            algebra.download(values, MemorySegment.ofArray(found), DType.FLOAT64);
            assertThat(found).containsExactly(new double[] {1, 3}, Offset.offset(1e-14));
        }
    }

    @Test
    void whereNothingWasKeptTheLibrarysRefusalIsSaid() {
        try (Gpu gpu = open();
                DeviceMemory held = gpu.allocate(BLOCK)) {
            cuda.need(NEED);
            assertThatExceptionOfType(CudaException.class)
                    .isThrownBy(() -> square(gpu, 3))
                    .withMessageContaining("CUBLAS_STATUS_ALLOC_FAILED")
                    .withMessageContaining("lower --memory")
                    .matches(CudaException::outOfMemory);
            assertThat(held.byteSize()).isEqualTo(BLOCK);
        }
    }

    @Test
    void whatWasKeptIsReturnedBeforeLibrariesHaveTooLittle() {
        try (Gpu gpu = open()) {
            gpu.allocate(BLOCK).close();
            long live = cuda.liveAllocations();
            try (DeviceMemory small = gpu.allocate(BLOCK / 2)) {
                assertThat(cuda.liveAllocations()).isEqualTo(live + 1);
                try (DeviceMemory large = gpu.allocate(BLOCK + BLOCK / 2)) {
                    assertThat(cuda.liveAllocations()).isEqualTo(live + 1);
                    assertThat(large.byteSize()).isGreaterThan(small.byteSize());
                }
            }
        }
    }

    private static Gpu open() {
        return CudaUnderTest.emulated(new EmulatedCuda.Configuration(1, 90, 12_080, MEMORY));
    }

    /// Leaves too little to the libraries, in blocks that are kept.
    private void keep(Gpu gpu) {
        gpu.allocate(BLOCK).close();
        cuda.need(NEED);
    }

    private static double square(Gpu gpu, double number) {
        try (DeviceMemory factor = gpu.allocate(Double.BYTES);
                DeviceMemory product = gpu.allocate(Double.BYTES)) {
            gpu.upload(MemorySegment.ofArray(new double[] {number}), factor.address());
            var a = new DeviceMatrix(DType.FLOAT64, factor.address(), 1, 1, false, 1, 0);
            var c = new DeviceMatrix(DType.FLOAT64, product.address(), 1, 1, false, 1, 0);
            gpu.multiply(1, a, a, 0, c, 1);
            return read(gpu, product);
        }
    }

    private static double read(Gpu gpu, DeviceMemory memory) {
        double[] number = new double[1];
        gpu.download(memory.address(), MemorySegment.ofArray(number));
        return number[0];
    }
}
