package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A device's attention lays matrices out as tensor cores want them, which the CUDA of plain C++ counts.
class AttentionAlignmentTest {
    private final EmulatedCuda cuda = EmulatedCuda.orSkip();

    /// Turing, which has no kernel of its own for bfloat16.
    private final CudaLinearAlgebra device = new CudaLinearAlgebra(
            CudaUnderTest.emulated(
                    new EmulatedCuda.Configuration(
                            1, 75, EmulatedCuda.USUAL.driverVersion(), EmulatedCuda.USUAL.memory()),
                    Gpu.Float32Products.TF32),
            new ReferenceLinearAlgebra());

    @AfterEach
    void close() {
        device.close();
        cuda.configure(EmulatedCuda.USUAL);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BFLOAT16", "FLOAT32"})
    void operandsOfProductsAreAlignedWhateverTheHeads(DType type) {
        long before = cuda.unalignedProducts();
        DeviceAttentionTest.run(device, null, type, new AttentionShape(1, 0, 0), 7, 11, 1);
        assertThat(cuda.unalignedProducts()).isEqualTo(before);
    }

    /// So that the test above can fail.
    @Test
    void productsThatAreNotAlignedAreCounted() {
        long before = cuda.unalignedProducts();
        try (Workspace work = new Workspace(device)) {
            Tensor rows = work.allocate(DType.BFLOAT16, 16, 8);
            device.gemm(1, rows, rows.transposed(), 0, work.allocate(DType.BFLOAT16, 16, 16));
            assertThat(cuda.unalignedProducts()).isEqualTo(before);
            Tensor narrow = rows.columns(0, 7);
            device.gemm(1, narrow, narrow.transposed(), 0, work.allocate(DType.BFLOAT16, 16, 16));
            assertThat(cuda.unalignedProducts()).isEqualTo(before + 1);
        }
    }
}
