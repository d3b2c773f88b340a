package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// On the CUDA of plain C++, with one stream late and the other early.
class EmulatedOffloadingTest extends OffloadingContract {
    private long pinnedBefore;

    @Override
    Gpu open() {
        pinnedBefore = EmulatedCuda.orSkip().pinnedAllocations();
        return CudaUnderTest.emulated(EmulatedCuda.USUAL);
    }

    @Override
    void makeHasty(int which) {
        EmulatedCuda.orSkip().makeHasty(which);
    }

    @Override
    void expectNothingPinned() {
        assertThat(EmulatedCuda.orSkip().pinnedAllocations()).isEqualTo(pinnedBefore);
    }

    /// Through buffers they would be several copies each.
    @Test
    void whatKeepsItsTypeGoesStraightToTheDeviceAndBack() {
        int elements = Math.toIntExact(Staging.BUFFER_BYTES / Float.BYTES + 3);
        EmulatedCuda cuda = EmulatedCuda.orSkip();
        Tensor waiting = algebra.allocateOffloaded(DType.FLOAT32, elements);
        Tensor back = algebra.allocateOffloaded(DType.FLOAT32, elements);
        Tensor there = algebra.allocate(DType.FLOAT32, elements);
        algebra.fill(waiting, 2.5);
        long before = cuda.queued();
        algebra.copy(waiting, there);
        algebra.copy(there, back);
        assertThat(cuda.queued()).isEqualTo(before + 2);
        double[] expected = new double[elements];
        Arrays.fill(expected, 2.5);
        assertThat(read(back)).isEqualTo(expected);
    }
}
