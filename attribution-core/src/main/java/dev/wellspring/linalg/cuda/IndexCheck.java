package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.DeviceScratch.Slot;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Refuses indices that would be read or written outside of a table, before a kernel follows them. The host waits for
/// the answer, so this is for what comes once a batch, not once a layer.
final class IndexCheck {
    private final Gpu gpu;
    private final DeviceKernels kernels;
    private final DeviceScratch scratch;
    private final int[] answer = new int[2];

    IndexCheck(Gpu gpu, DeviceKernels kernels, DeviceScratch scratch) {
        this.gpu = gpu;
        this.kernels = kernels;
        this.scratch = scratch;
    }

    /// @param name of the indices
    /// @param weights indices of weight 0 are not looked at; null looks at all
    /// @param count of what they point into
    void require(String name, Tensor indices, @Nullable Tensor weights, long count) {
        Tensor found = scratch.take(Slot.CHECK, DType.INT32, answer.length);
        kernels.withBlocks(
                "firstOutside",
                false,
                1,
                kernels.arguments()
                        .view(indices)
                        .view(weights)
                        .integer(Math.toIntExact(count))
                        .address(DeviceElements.address(found)));
        gpu.download(DeviceElements.address(found), MemorySegment.ofArray(answer));
        if (answer[0] >= 0) {
            throw new IllegalArgumentException(
                    name + "[" + answer[0] + "]: expected 0 to " + (count - 1) + ", got " + answer[1]);
        }
    }
}
