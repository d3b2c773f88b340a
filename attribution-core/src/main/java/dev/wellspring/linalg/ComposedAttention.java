package dev.wellspring.linalg;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Causal self-attention out of the seam's own products and [LinearAlgebra#causalSoftmax], for backends without a
/// kernel of their own.
///
/// One document at a time; its key and value heads K are the batch of each product. Of the G = H/K query heads that
/// share a key and value head, one member after the other takes its turn, so that nothing is copied or repeated:
/// every operand is a strided view. The scores of one member, (K, T, T), live in a buffer that grows to the longest
/// document.
///
/// With P = softmax(S), S = scale·Q·Kᵀ: dV = Σ Pᵀ·dO, dP = dO·Vᵀ, dS as in [LinearAlgebra#causalSoftmaxBackward],
/// dQ = scale·dS·K, dK = Σ scale·dSᵀ·Q, the sums over the members.
public final class ComposedAttention implements AutoCloseable {
    private final LinearAlgebra algebra;
    private final DType narrowest;
    private @Nullable Tensor buffer;
    private long taken;

    /// @param algebra computes the parts
    /// @param narrowest the type of the scores, unless an operand is wider: FLOAT32 or FLOAT64
    public ComposedAttention(LinearAlgebra algebra, DType narrowest) {
        this.algebra = algebra;
        this.narrowest = narrowest;
    }

    /// The bytes of the largest buffer that documents of up to so many rows need.
    ///
    /// @param type of the scores
    public static long byteSize(long keyValueHeads, long headSize, long longest, DType type) {
        return bufferElements(keyValueHeads, headSize, longest) * type.byteSize();
    }

    /// The same as an [AttentionMemory].
    public static long byteSize(AttentionMemory.Sizes sizes) {
        return byteSize(
                sizes.keyValueHeads(),
                sizes.headSize(),
                sizes.longest(),
                sizes.type().sumType());
    }

    /// Probabilities, their gradients and capped scores, and the sums for keys and values.
    private static long bufferElements(long keyValueHeads, long headSize, long rows) {
        return keyValueHeads * rows * (3 * rows + 2 * headSize);
    }

    /// [LinearAlgebra#attentionForward], operands already checked.
    public void forward(Tensor q, Tensor k, Tensor v, Segments segments, AttentionShape shape, Tensor out) {
        int members = members(q, k);
        DType type = scoreType(q, k, v, out);
        for (int document = 0; document < segments.count(); document++) {
            Tensor keys = heads(k, segments, document);
            Tensor values = heads(v, segments, document);
            for (int member = 0; member < members; member++) {
                startScratch(type, squares(keys));
                Tensor scores = scratch(keys.size(0), keys.size(1), keys.size(1));
                probabilities(member(q, segments, document, members, member), keys, shape, scores, null);
                algebra.batchedGemm(1, scores, values, 0, member(out, segments, document, members, member));
            }
        }
    }

    /// [LinearAlgebra#attentionBackward], operands already checked.
    public void backward(
            Tensor q,
            Tensor k,
            Tensor v,
            Segments segments,
            AttentionShape shape,
            Tensor dout,
            Tensor dq,
            Tensor dk,
            Tensor dv) {
        int members = members(q, k);
        DType type = scoreType(q, k, v, dout);
        boolean accumulate = members > 1 && dk.type() != type;
        for (int document = 0; document < segments.count(); document++) {
            Tensor keys = heads(k, segments, document);
            Tensor values = heads(v, segments, document);
            Tensor dkeys = heads(dk, segments, document);
            Tensor dvalues = heads(dv, segments, document);
            long[] square = {keys.size(0), keys.size(1), keys.size(1)};
            startScratch(type, bufferElements(keys.size(0), keys.size(2), keys.size(1)));
            Tensor p = scratch(square);
            Tensor ds = scratch(square);
            Tensor scores = shape.softCap() == 0 ? null : scratch(square);
            Tensor dkeysSum = accumulate ? scratch(keys.shape()) : dkeys;
            Tensor dvaluesSum = accumulate ? scratch(keys.shape()) : dvalues;
            for (int member = 0; member < members; member++) {
                double old = member == 0 ? 0 : 1;
                Tensor queries = member(q, segments, document, members, member);
                Tensor doutputs = member(dout, segments, document, members, member);
                probabilities(queries, keys, shape, p, scores);
                algebra.batchedGemm(1, p.transposed(), doutputs, old, dvaluesSum);
                algebra.batchedGemm(1, doutputs, values.transposed(), 0, ds);
                algebra.causalSoftmaxBackward(p, scores, shape, ds);
                algebra.batchedGemm(shape.scale(), ds, keys, 0, member(dq, segments, document, members, member));
                algebra.batchedGemm(shape.scale(), ds.transposed(), queries, old, dkeysSum);
            }
            if (accumulate) {
                algebra.copy(dkeysSum, dkeys);
                algebra.copy(dvaluesSum, dvalues);
            }
        }
    }

    private void probabilities(
            Tensor queries, Tensor keys, AttentionShape shape, Tensor target, @Nullable Tensor scores) {
        algebra.batchedGemm(shape.scale(), queries, keys.transposed(), 0, target);
        if (scores != null) {
            algebra.copy(target, scores);
        }
        algebra.causalSoftmax(target, shape);
    }

    /// The rows of one document, one head after the other: (K, T, d).
    private static Tensor heads(Tensor packed, Segments segments, int document) {
        return packed.rows(segments.start(document), segments.end(document)).swapped(0, 1);
    }

    /// The query heads that are the same member of their groups: (K, T, d), head k·G + member for each k.
    private static Tensor member(Tensor packed, Segments segments, int document, int members, int member) {
        Tensor rows = packed.rows(segments.start(document), segments.end(document));
        return rows.split(1, rows.size(1) / members, members).select(2, member).swapped(0, 1);
    }

    private static int members(Tensor q, Tensor k) {
        return k.size(1) == 0 ? 0 : Math.toIntExact(q.size(1) / k.size(1));
    }

    private static long squares(Tensor keys) {
        return keys.size(0) * keys.size(1) * keys.size(1);
    }

    private DType scoreType(Tensor... operands) {
        for (Tensor operand : operands) {
            if (operand.type() == DType.FLOAT64) {
                return DType.FLOAT64;
            }
        }
        return narrowest;
    }

    /// Makes the buffer large enough for `count` elements of `type`, and free.
    private void startScratch(DType type, long count) {
        if (buffer == null || buffer.type() != type || buffer.elementCount() < count) {
            close();
            buffer = algebra.allocate(type, count);
        }
        taken = 0;
    }

    /// The next free part of the buffer.
    private Tensor scratch(long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        if (buffer == null) {
            throw new IllegalStateException("expected a buffer, got none");
        }
        Tensor part = buffer.rows(taken, taken + count).reshape(shape);
        taken += count;
        return part;
    }

    /// Releases the buffer.
    @Override
    public void close() {
        if (buffer != null) {
            buffer.close();
            buffer = null;
        }
    }
}
