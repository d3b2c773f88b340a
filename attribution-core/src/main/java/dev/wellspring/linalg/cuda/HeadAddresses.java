package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.DeviceScratch.Slot;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;

/// Writes the addresses of a batch's matrices to device memory, where cuBLAS reads them. The operands of one product
/// have a part each; the device works in order, so the next product may overwrite them.
final class HeadAddresses {
    private static final int OPERANDS = 3;

    private final Gpu gpu;
    private final DeviceScratch scratch;

    HeadAddresses(Gpu gpu, DeviceScratch scratch) {
        this.gpu = gpu;
        this.scratch = scratch;
    }

    /// @param batch the same for all operands of a product
    /// @param operand 0, 1 or 2
    /// @return where the addresses lie
    long of(Heads heads, int batch, int operand) {
        // FLOAT64 stands for 64 bits here: no tensor type holds addresses.
        Tensor all = scratch.take(Slot.ADDRESSES, DType.FLOAT64, OPERANDS, batch);
        long target = DeviceElements.address(all.select(0, operand));
        gpu.launch(
                "addresses",
                Math.ceilDiv(batch, DeviceKernels.THREADS),
                DeviceKernels.THREADS,
                0,
                gpu.arguments()
                        .address(target)
                        .address(heads.address())
                        .whole(heads.outerStride())
                        .whole(heads.inner())
                        .whole(heads.sharing())
                        .whole(heads.innerStride())
                        .integer(batch));
        return target;
    }
}
