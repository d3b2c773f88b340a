package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.AttentionMemory.Sizes;
import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.cuda.AttentionChunks.Chunk;
import dev.wellspring.linalg.cuda.AttentionChunks.Limits;
import dev.wellspring.linalg.cuda.AttentionChunks.Range;
import dev.wellspring.linalg.cuda.DeviceScratch.Slot;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Causal self-attention in products of whole batches: neighbouring documents go together, all heads at once,
/// so that small models keep a device busy. Operands are checked already.
///
/// With P = softmax(S), S = scale·Q·Kᵀ: O = P·V; dV = Pᵀ·dO, dP = dO·Vᵀ, dS as in the seam's
/// `causalSoftmaxBackward`, dQ = scale·dS·K, dK = scale·dSᵀ·Q. The query heads that share a key and value head
/// are rows of one matrix, so that dV and dK are sums over them. S and dP are FLOAT32 at least; of BFLOAT16
/// models P and dS are written in BFLOAT16, as fused kernels elsewhere do.
final class DeviceAttention {
    private final Gpu gpu;
    private final DeviceLayers layers;
    private final DeviceScratch scratch;
    private final HeadMatrices matrices;
    private final Limits limits;

    DeviceAttention(Gpu gpu, DeviceKernels kernels, DeviceLayers layers, DeviceScratch scratch, Limits limits) {
        this.gpu = gpu;
        this.layers = layers;
        this.scratch = scratch;
        this.matrices = new HeadMatrices(kernels, scratch);
        this.limits = limits;
    }

    /// The scratch memory of a forward and a backward pass at most, in bytes.
    static long byteSize(Limits limits, Sizes sizes) {
        long narrow = sizes.type().byteSize();
        long wide = sizes.type().sumType().byteSize();
        // Scores, and under a soft cap ∂loss/∂probabilities beside them; probabilities and ∂loss/∂scores.
        long ofScore = 2 * (wide + narrow);
        // Queries, keys, values, outputs and ∂loss/∂queries; sums for keys and values.
        long ofNumber = 5 * narrow + 2 * wide;
        return limits.mostScores(sizes) * ofScore + limits.mostNumbers(sizes) * ofNumber;
    }

    void forward(Tensor q, Tensor k, Tensor v, Segments segments, AttentionShape shape, Tensor out) {
        DType type = operandType(q, k, v, out);
        for (Chunk chunk : chunks(q, k, segments)) {
            Tensor keys = matrices.gather(k, segments, chunk, chunk.groups(), type, Slot.KEYS);
            Tensor values = matrices.gather(v, segments, chunk, chunk.groups(), type, Slot.VALUES);
            for (Range heads : chunk.queries()) {
                Tensor queries = matrices.gather(q, segments, chunk, heads, type, Slot.QUERIES);
                Tensor p = probabilities(scores(queries, keys, shape), shape, type);
                Tensor outputs = matrices.take(q.length(2), chunk, heads, type, Slot.OUTPUTS);
                multiply(1, p, values, 0, outputs);
                matrices.scatter(outputs, segments, chunk, heads, out);
            }
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
        DType type = operandType(q, k, v, dout, dq, dk, dv);
        int width = q.length(2);
        for (Chunk chunk : chunks(q, k, segments)) {
            Tensor keys = matrices.gather(k, segments, chunk, chunk.groups(), type, Slot.KEYS);
            Tensor values = matrices.gather(v, segments, chunk, chunk.groups(), type, Slot.VALUES);
            Tensor dkeys = matrices.take(width, chunk, chunk.groups(), type.sumType(), Slot.KEY_SUMS);
            Tensor dvalues = matrices.take(width, chunk, chunk.groups(), type.sumType(), Slot.VALUE_SUMS);
            double old = 0;
            for (Range heads : chunk.queries()) {
                Tensor queries = matrices.gather(q, segments, chunk, heads, type, Slot.QUERIES);
                Tensor doutputs = matrices.gather(dout, segments, chunk, heads, type, Slot.OUTPUTS);
                Tensor scores = scores(queries, keys, shape);
                Tensor p = probabilities(scores, shape, type);
                multiply(1, p.transposed(), doutputs, old, dvalues);
                Tensor ds = scoreGradients(scores, p, doutputs, values, shape);
                Tensor dqueries = matrices.take(width, chunk, heads, type, Slot.GRADIENTS);
                multiply(shape.scale(), ds, keys, 0, dqueries);
                matrices.scatter(dqueries, segments, chunk, heads, dq);
                multiply(shape.scale(), ds.transposed(), queries, old, dkeys);
                old = 1;
            }
            matrices.scatter(dkeys, segments, chunk, chunk.groups(), dk);
            matrices.scatter(dvalues, segments, chunk, chunk.groups(), dv);
        }
    }

    private List<Chunk> chunks(Tensor q, Tensor k, Segments segments) {
        int groups = k.length(1);
        return AttentionChunks.of(limits, segments, groups, groups == 0 ? 0 : q.length(1) / groups, q.length(2));
    }

    /// scale·Q·Kᵀ, FLOAT32 at least.
    ///
    /// @return (products, query heads of each·T, T)
    private Tensor scores(Tensor queries, Tensor keys, AttentionShape shape) {
        DType type = queries.type().sumType();
        Tensor scores = scratch.take(Slot.SCORES, type, queries.size(0), queries.size(1), keys.size(1));
        multiply(shape.scale(), queries, keys.transposed(), 0, scores);
        return scores;
    }

    private Tensor probabilities(Tensor scores, AttentionShape shape, DType type) {
        Tensor p = scratch.take(Slot.PROBABILITIES, type, scores.shape());
        layers.causalSoftmax(squares(scores), shape, squares(p));
        return p;
    }

    /// ∂loss/∂scores in the type of the probabilities. Without a soft cap the scores are needed no more, and
    /// ∂loss/∂probabilities take their place.
    private Tensor scoreGradients(Tensor scores, Tensor p, Tensor doutputs, Tensor values, AttentionShape shape) {
        boolean capped = shape.softCap() != 0;
        Tensor dp = capped ? scratch.take(Slot.PROBABILITY_GRADIENTS, scores.type(), scores.shape()) : scores;
        multiply(1, doutputs, values.transposed(), 0, dp);
        Tensor ds = dp.type() == p.type() ? dp : scratch.take(Slot.SCORE_GRADIENTS, p.type(), p.shape());
        @Nullable Tensor needed = capped ? squares(scores) : null;
        layers.causalSoftmaxBackward(squares(p), needed, shape, squares(dp), squares(ds));
        return ds;
    }

    /// (query heads of all documents, T, T)
    private static Tensor squares(Tensor scores) {
        long length = scores.size(2);
        return scores.reshape(scores.size(0) * scores.size(1) / length, length, length);
    }

    private void multiply(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
        gpu.multiply(
                alpha, DeviceMatrix.of(a), DeviceMatrix.of(b), beta, DeviceMatrix.of(c), Math.toIntExact(c.size(0)));
    }

    /// BFLOAT16 when all operands are; otherwise FLOAT64 when one is, or FLOAT32.
    private static DType operandType(Tensor... operands) {
        if (DeviceKernels.wide(operands)) {
            return DType.FLOAT64;
        }
        boolean narrow = Arrays.stream(operands).allMatch(operand -> operand.type() == DType.BFLOAT16);
        return narrow ? DType.BFLOAT16 : DType.FLOAT32;
    }
}
