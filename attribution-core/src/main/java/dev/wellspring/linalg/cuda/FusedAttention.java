package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.cuda.DeviceScratch.Slot;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;

/// Causal self-attention that keeps scores on the chip, for BFLOAT16 operands and heads of up to 128 numbers, on
/// devices whose tensor cores know BFLOAT16 (Dao, FlashAttention-2, arXiv 2307.08691). Operands are checked already.
///
/// Scores are found in FLOAT32, and again in the backward pass, which leaves ln Σ exp(S) and Σ P·dP of every
/// row to the pass for keys and values. P and dS are rounded to BFLOAT16 before they are multiplied.
final class FusedAttention {
    /// The compute capability from which on tensor cores know BFLOAT16.
    static final int BFLOAT16_TENSOR_CORES = 80;

    /// Of a head.
    private static final int NARROW = 64;

    private static final int WIDEST = 128;

    /// Rows of a block, and what a row of a tile is longer than a head.
    private static final int TILE = 128;

    private static final int GAP = 8;

    /// Rows that a block goes over at a time.
    private static final int FORWARD_STEP = 64;

    private static final int BACKWARD_STEP = 32;
    private static final int WIDE_STEP = 32;

    private final Gpu gpu;
    private final DeviceKernels kernels;
    private final DeviceScratch scratch;

    FusedAttention(Gpu gpu, DeviceKernels kernels, DeviceScratch scratch) {
        this.gpu = gpu;
        this.kernels = kernels;
        this.scratch = scratch;
    }

    /// Whether these operands, (R, heads, d) each, are ones that it is for.
    boolean takes(Tensor... operands) {
        return gpu.computeCapability() >= BFLOAT16_TENSOR_CORES
                && Arrays.stream(operands)
                        .allMatch(operand -> operand.type() == DType.BFLOAT16
                                && operand.size(1) > 0
                                && operand.size(2) > 0
                                && operand.size(2) <= WIDEST
                                && operand.stride(2) == 1);
    }

    void forward(Tensor q, Tensor k, Tensor v, Segments segments, AttentionShape shape, Tensor out) {
        if (q.size(0) > 0) {
            KernelArguments arguments = arguments(q, k, v, segments, shape).view(out);
            launch("fusedForward", q, q.size(1), segments, 1, FORWARD_STEP, arguments);
        }
    }

    void backward(
            Tensor q,
            Tensor k,
            Tensor v,
            Segments segments,
            AttentionShape shape,
            Tensor dout,
            Tensor dq,
            Tensor dk,
            Tensor dv) {
        if (q.size(0) == 0) {
            return;
        }
        long statistics = DeviceElements.address(scratch.take(Slot.STATISTICS, DType.FLOAT32, q.size(0), q.size(1), 2));
        launch(
                "fusedBackwardToQueries",
                q,
                q.size(1),
                segments,
                2,
                BACKWARD_STEP,
                arguments(q, k, v, segments, shape).view(dout).view(dq).address(statistics));
        launch(
                "fusedBackwardToKeys",
                q,
                k.size(1),
                segments,
                2,
                BACKWARD_STEP,
                arguments(q, k, v, segments, shape)
                        .view(dout)
                        .address(statistics)
                        .view(dk)
                        .view(dv));
    }

    private KernelArguments arguments(Tensor q, Tensor k, Tensor v, Segments segments, AttentionShape shape) {
        return kernels.arguments()
                .view(q)
                .view(k)
                .view(v)
                .view(segments.offsets().slice(0, 0, segments.count() + 1L))
                .integer(segments.longest())
                .whole(shape.window())
                .number(shape.softCap())
                .number(shape.scale());
    }

    /// @param tiles of its own that a block keeps beside two of rows that it goes over
    /// @param step so many of these at a time, for narrow heads
    private void launch(
            String kernel, Tensor q, long heads, Segments segments, int tiles, int step, KernelArguments arguments) {
        boolean narrow = q.size(2) <= NARROW;
        int width = narrow ? NARROW : WIDEST;
        int rows = narrow ? 2 * step : WIDE_STEP; // twice where there are two buffers
        int tileBytes = (tiles * TILE + 2 * rows) * (width + GAP) * Short.BYTES;
        int statisticsBytes = 2 * rows * Float.BYTES;
        long blocks = Math.ceilDiv(segments.longest(), TILE) * heads * segments.count();
        kernels.overTiles(kernel + width, blocks, tileBytes + statisticsBytes, arguments);
    }
}
