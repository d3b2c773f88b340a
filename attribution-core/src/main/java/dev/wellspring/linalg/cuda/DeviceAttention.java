package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.cuda.AttentionChunks.Chunk;
import dev.wellspring.linalg.cuda.DeviceScratch.Slot;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Causal self-attention in products of whole batches: neighbouring documents of one length go together, all heads at
/// once, so that small models keep a device busy. Operands are checked already.
///
/// With P = softmax(S), S = scale·Q·Kᵀ: O = P·V; dV = Σ Pᵀ·dO, dP = dO·Vᵀ, dS as in the seam's
/// `causalSoftmaxBackward`, dQ = scale·dS·K, dK = Σ scale·dSᵀ·Q, the sums over the query heads that share a key and
/// value head. S, P and dS are FLOAT32 at least; of BFLOAT16 models P and dS are rounded to BFLOAT16 before they are
/// multiplied, as fused kernels elsewhere do.
final class DeviceAttention {
    private final Gpu gpu;
    private final DeviceElements elements;
    private final DeviceLayers layers;
    private final DeviceScratch scratch;
    private final HeadAddresses addresses;

    DeviceAttention(Gpu gpu, DeviceElements elements, DeviceLayers layers, DeviceScratch scratch) {
        this.gpu = gpu;
        this.elements = elements;
        this.layers = layers;
        this.scratch = scratch;
        this.addresses = new HeadAddresses(gpu, scratch);
    }

    void forward(Tensor q, Tensor k, Tensor v, Segments segments, AttentionShape shape, Tensor out) {
        DType type = operandType(q, k, v, out);
        Tensor queries = converted(q, type, Slot.QUERIES);
        Tensor keys = converted(k, type, Slot.KEYS);
        Tensor values = converted(v, type, Slot.VALUES);
        Tensor result = target(out, type, Slot.OUTPUTS);
        for (Chunk chunk : AttentionChunks.of(q, k, segments)) {
            Tensor p = converted(scores(chunk, queries, keys, shape, type, null), type, Slot.PROBABILITIES);
            multiply(1, squares(p, false), chunk.shared(values, false), 0, chunk.own(result, false), chunk.heads());
        }
        deliver(result, out);
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
        DType type = operandType(q, k, v, dout);
        Tensor queries = converted(q, type, Slot.QUERIES);
        Tensor keys = converted(k, type, Slot.KEYS);
        Tensor values = converted(v, type, Slot.VALUES);
        Tensor douts = converted(dout, type, Slot.OUTPUTS);
        Tensor dqueries = target(dq, type, Slot.GRADIENTS);
        for (Chunk chunk : AttentionChunks.of(q, k, segments)) {
            Tensor capped = shape.softCap() == 0
                    ? null
                    : scratch.take(Slot.RESULT, type.sumType(), chunk.heads(), chunk.length(), chunk.length());
            Tensor wide = scores(chunk, queries, keys, shape, type, capped);
            Tensor p = converted(wide, type, Slot.PROBABILITIES);
            sumOverMembers(1, p, chunk, douts, dv, Slot.VALUE_SUMS);
            Tensor ds = scratch.take(Slot.LEFT, type.sumType(), wide.shape());
            multiply(1, chunk.own(douts, false), chunk.shared(values, true), 0, squares(ds, false), chunk.heads());
            layers.causalSoftmaxBackward(wide, capped, shape, ds);
            Tensor rounded = converted(ds, type, Slot.RIGHT);
            multiply(
                    shape.scale(),
                    squares(rounded, false),
                    chunk.shared(keys, false),
                    0,
                    chunk.own(dqueries, false),
                    chunk.heads());
            sumOverMembers(shape.scale(), rounded, chunk, queries, dk, Slot.KEY_SUMS);
        }
        deliver(dqueries, dq);
    }

    /// Softmax of the scores, FLOAT32 at least; the scores themselves go to `capped`.
    private Tensor scores(
            Chunk chunk, Tensor queries, Tensor keys, AttentionShape shape, DType type, @Nullable Tensor capped) {
        Tensor scores = scratch.take(Slot.SCORES, type.sumType(), chunk.heads(), chunk.length(), chunk.length());
        multiply(
                shape.scale(),
                chunk.own(queries, false),
                chunk.shared(keys, true),
                0,
                squares(scores, false),
                chunk.heads());
        if (capped != null) {
            elements.copy(scores, capped);
        }
        layers.causalSoftmax(scores, shape);
        return scores;
    }

    /// target = factor·Σ over the members of each group of squareᵀ·rows, (documents, K, T, d).
    private void sumOverMembers(double factor, Tensor square, Chunk chunk, Tensor rows, Tensor target, Slot slot) {
        int members = chunk.members();
        boolean direct = takes(square.type(), target.type()) && (members == 1 || target.type() != DType.BFLOAT16);
        Tensor sums = direct
                ? target
                : scratch.take(slot, square.type().sumType(), chunk.groups(), chunk.length(), rows.size(2));
        for (int member = 0; member < members; member++) {
            Heads out = direct ? chunk.group(target) : Heads.stacked(sums, 1, 0, false);
            multiply(
                    factor,
                    Heads.stacked(square, members, member, true),
                    chunk.member(rows, member),
                    member == 0 ? 0 : 1,
                    out,
                    chunk.groups());
        }
        if (!direct) {
            elements.copy(chunk.inDocuments(sums), chunk.grouped(target));
        }
    }

    private void multiply(double alpha, Heads a, Heads b, double beta, Heads c, int batch) {
        gpu.multiplyArrays(
                alpha,
                a.matrix(),
                b.matrix(),
                beta,
                c.matrix(),
                addresses.of(a, batch, 0),
                addresses.of(b, batch, 1),
                addresses.of(c, batch, 2),
                batch);
    }

    /// Matrices (B, T, T), one after the other.
    private static Heads squares(Tensor tensor, boolean transposed) {
        return Heads.stacked(tensor, 1, 0, transposed);
    }

    private Tensor converted(Tensor operand, DType type, Slot slot) {
        if (operand.type() == type) {
            return operand;
        }
        Tensor copy = scratch.take(slot, type, operand.shape());
        elements.copy(operand, copy);
        return copy;
    }

    /// Where products can go: the output itself, or scratch memory that is copied into it at the end.
    private Tensor target(Tensor out, DType type, Slot slot) {
        return takes(type, out.type()) ? out : scratch.take(slot, type.sumType(), out.shape());
    }

    private void deliver(Tensor result, Tensor out) {
        if (result != out) {
            elements.copy(result, out);
        }
    }

    private static boolean takes(DType type, DType out) {
        return out == type || (type == DType.BFLOAT16 && out == DType.FLOAT32);
    }

    /// BFLOAT16 when all are; otherwise FLOAT64 when one is, or FLOAT32.
    private static DType operandType(Tensor q, Tensor k, Tensor v, Tensor other) {
        if (DeviceKernels.wide(q, k, v, other)) {
            return DType.FLOAT64;
        }
        boolean narrow = q.type() == DType.BFLOAT16 && k.type() == DType.BFLOAT16 && v.type() == DType.BFLOAT16;
        return narrow ? DType.BFLOAT16 : DType.FLOAT32;
    }
}
