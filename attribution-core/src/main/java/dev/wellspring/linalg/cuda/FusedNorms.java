package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.DeviceScratch.Slot;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;

/// ‖Σ_t g_t a_tᵀ‖² of documents as Σ_st (g_s·g_t)(a_s·a_t), of BFLOAT16 rows, in one pass that keeps both
/// products on the chip and leaves out what is above their diagonals. Operands are checked already.
final class FusedNorms {
    /// Documents of fewer rows leave most of a block idle.
    private static final int SHORTEST = 64;

    /// Rows that a block multiplies with as many others, and what it reads of them at a time, in numbers.
    private static final int SIDE = 128;

    private static final int COLUMNS = 64;
    private static final int GAP = 8;

    private final Gpu gpu;
    private final DeviceKernels kernels;
    private final DeviceScratch scratch;

    FusedNorms(Gpu gpu, DeviceKernels kernels, DeviceScratch scratch) {
        this.gpu = gpu;
        this.kernels = kernels;
        this.scratch = scratch;
    }

    /// Whether these rows are ones that it is for.
    boolean takes(Tensor a, Tensor g, Segments segments) {
        return gpu.computeCapability() >= FusedAttention.BFLOAT16_TENSOR_CORES
                && segments.longest() >= SHORTEST
                && isFor(a)
                && isFor(g);
    }

    private static boolean isFor(Tensor rows) {
        return rows.type() == DType.BFLOAT16 && rows.size(1) > 0 && rows.stride(1) == 1;
    }

    /// @param norms (D, 1), FLOAT64, which they are added to
    void add(Tensor a, Tensor g, Segments segments, Tensor norms) {
        long sides = Math.ceilDiv(segments.longest(), SIDE);
        int pairs = Math.toIntExact(sides * (sides + 1) / 2);
        Tensor partial = scratch.take(Slot.PARTS, DType.FLOAT64, segments.count(), pairs);
        int buffers = 2 * 2 * SIDE * (COLUMNS + GAP) * Short.BYTES;
        Tensor offsets = segments.offsets().slice(0, 0, segments.count() + 1L);
        kernels.overTiles(
                "gradientNorms",
                partial.elementCount(),
                buffers,
                kernels.arguments()
                        .view(a)
                        .view(g)
                        .view(offsets)
                        .integer(segments.longest())
                        .address(DeviceElements.address(partial)));
        kernels.overElements(
                "longRowDotFinal",
                true,
                segments.count(),
                kernels.arguments()
                        .address(DeviceElements.address(partial))
                        .integer(pairs)
                        .number(1)
                        .view(norms));
    }
}
