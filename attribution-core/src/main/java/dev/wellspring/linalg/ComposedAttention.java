package dev.wellspring.linalg;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Causal self-attention out of the seam's own products and [LinearAlgebra#causalSoftmax], for backends without a
/// kernel of their own.
///
/// One document at a time; its key and value heads K are shared out among threads, or, when they are too few,
/// are the batch of each product. Of the G = H/K query heads that
/// share a key and value head, one member after the other takes its turn, so that nothing is copied or repeated:
/// every operand is a strided view. The scores of one member, (K, T, T), live in a buffer that grows to the longest
/// document.
///
/// Rows are taken in blocks, each with the columns that a row of it sees: about half of the products are above the
/// diagonal, and left out.
///
/// With P = softmax(S), S = scale·Q·Kᵀ: dV = Σ Pᵀ·dO, dP = dO·Vᵀ, dS as in [LinearAlgebra#causalSoftmaxBackward],
/// dQ = scale·dS·K, dK = Σ scale·dSᵀ·Q, the sums over the members.
public final class ComposedAttention implements AutoCloseable {
    /// Rows of a block: fewer leave out more, and multiply more slowly.
    private static final long BLOCK = 128;

    private final LinearAlgebra algebra;
    private final DType narrowest;
    private final RowParallel parallel;
    private final Queue<Tensor> buffers = new ConcurrentLinkedQueue<>();

    /// @param algebra computes the parts
    /// @param narrowest the type of the scores, unless an operand is wider: FLOAT32 or FLOAT64
    /// @param parallel spreads heads over threads; only for an algebra whose operations on tensors of the scores'
    ///     type may run at the same time
    public ComposedAttention(LinearAlgebra algebra, DType narrowest, RowParallel parallel) {
        this.algebra = algebra;
        this.narrowest = narrowest;
        this.parallel = parallel;
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
        DType type = scoreType(q, k, v, out);
        for (int i = 0; i < segments.count(); i++) {
            int document = i;
            overHeads(type, q, k, v, out).forRanges(k.size(1), (from, to) -> {
                var heads = new Heads(segments, document, from, to);
                forward(type, heads, q, k, v, shape, out);
            });
        }
    }

    private void forward(DType type, Heads heads, Tensor q, Tensor k, Tensor v, AttentionShape shape, Tensor out) {
        Tensor keys = heads.of(k);
        Tensor values = heads.of(v);
        int members = members(q, k);
        try (Scratch scratch = scratch(type, heads.count() * keys.size(1) * keys.size(1))) {
            Tensor scores = scratch.take(heads.count(), keys.size(1), keys.size(1));
            for (int member = 0; member < members; member++) {
                probabilities(heads.member(q, members, member), keys, shape, scores, null);
                timesSeen(1, scores, values, shape, heads.member(out, members, member));
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
        DType type = scoreType(q, k, v, dout);
        for (int i = 0; i < segments.count(); i++) {
            int document = i;
            overHeads(type, q, k, v, dout, dq, dk, dv).forRanges(k.size(1), (from, to) -> {
                var heads = new Heads(segments, document, from, to);
                backward(type, heads, q, k, v, shape, dout, dq, dk, dv);
            });
        }
    }

    private void backward(
            DType type,
            Heads heads,
            Tensor q,
            Tensor k,
            Tensor v,
            AttentionShape shape,
            Tensor dout,
            Tensor dq,
            Tensor dk,
            Tensor dv) {
        Tensor keys = heads.of(k);
        Tensor values = heads.of(v);
        Tensor dkeys = heads.of(dk);
        Tensor dvalues = heads.of(dv);
        int members = members(q, k);
        boolean accumulate = members > 1 && dk.type() != type;
        long[] square = {keys.size(0), keys.size(1), keys.size(1)};
        try (Scratch scratch = scratch(type, bufferElements(keys.size(0), keys.size(2), keys.size(1)))) {
            Tensor p = scratch.take(square);
            Tensor ds = scratch.take(square);
            Tensor scores = shape.softCap() == 0 ? null : scratch.take(square);
            Tensor dkeysSum = accumulate ? scratch.take(keys.shape()) : dkeys;
            Tensor dvaluesSum = accumulate ? scratch.take(keys.shape()) : dvalues;
            for (int member = 0; member < members; member++) {
                double old = member == 0 ? 0 : 1;
                Tensor queries = heads.member(q, members, member);
                Tensor doutputs = heads.member(dout, members, member);
                probabilities(queries, keys, shape, p, scores);
                timesSeeing(1, p, doutputs, shape, old, dvaluesSum);
                products(1, doutputs, values, shape, ds);
                algebra.causalSoftmaxBackward(p, scores, shape, ds);
                timesSeen(shape.scale(), ds, keys, shape, heads.member(dq, members, member));
                timesSeeing(shape.scale(), ds, queries, shape, old, dkeysSum);
            }
            if (accumulate) {
                algebra.copy(dkeysSum, dkeys);
                algebra.copy(dvaluesSum, dvalues);
            }
        }
    }

    /// Threads take heads where there is one for each, and where nothing has to be widened, for which an algebra has
    /// memory only once.
    private RowParallel overHeads(DType type, Tensor... operands) {
        Tensor k = operands[1];
        boolean alike = Arrays.stream(operands).allMatch(operand -> operand.type() == type);
        return alike && k.size(1) >= parallel.threads() ? parallel : RowParallel.serial();
    }

    private void probabilities(
            Tensor queries, Tensor keys, AttentionShape shape, Tensor target, @Nullable Tensor scores) {
        products(shape.scale(), queries, keys, shape, target);
        if (scores != null) {
            algebra.copy(target, scores);
        }
        algebra.causalSoftmax(target, shape);
    }

    /// square_ij = α·x_i·y_j where row i sees column j; what no row of a block sees is left as it is.
    ///
    /// @param x (K, T, d)
    /// @param y (K, T, d)
    /// @param square (K, T, T)
    private void products(double alpha, Tensor x, Tensor y, AttentionShape shape, Tensor square) {
        long rows = x.size(1);
        for (long from = 0; from < rows; from += BLOCK) {
            long to = Math.min(rows, from + BLOCK);
            long seen = firstSeen(from, shape);
            algebra.batchedGemm(
                    alpha,
                    x.slice(1, from, to),
                    y.slice(1, seen, to).transposed(),
                    0,
                    square.slice(1, from, to).slice(2, seen, to));
        }
    }

    /// out_i = α·Σ_j square_ij·y_j over the columns that row i sees.
    ///
    /// @param square (K, T, T), 0 where a row does not see a column
    /// @param y (K, T, d)
    /// @param out (K, T, d)
    private void timesSeen(double alpha, Tensor square, Tensor y, AttentionShape shape, Tensor out) {
        long rows = y.size(1);
        for (long from = 0; from < rows; from += BLOCK) {
            long to = Math.min(rows, from + BLOCK);
            long seen = firstSeen(from, shape);
            algebra.batchedGemm(
                    alpha,
                    square.slice(1, from, to).slice(2, seen, to),
                    y.slice(1, seen, to),
                    0,
                    out.slice(1, from, to));
        }
    }

    /// out_j = α·Σ_i square_ij·x_i + β·out_j over the rows that see column j.
    ///
    /// @param square (K, T, T), 0 where a row does not see a column
    /// @param x (K, T, d)
    /// @param out (K, T, d)
    private void timesSeeing(double alpha, Tensor square, Tensor x, AttentionShape shape, double beta, Tensor out) {
        long rows = x.size(1);
        for (long from = 0; from < rows; from += BLOCK) {
            long to = Math.min(rows, from + BLOCK);
            long end = shape.window() == 0 ? rows : Math.min(rows, to - 1 + shape.window());
            algebra.batchedGemm(
                    alpha,
                    square.slice(1, from, end).slice(2, from, to).transposed(),
                    x.slice(1, from, end),
                    beta,
                    out.slice(1, from, to));
        }
    }

    /// The first column that a row sees.
    private static long firstSeen(long row, AttentionShape shape) {
        return shape.window() == 0 ? 0 : Math.max(0, row + 1 - shape.window());
    }

    /// Some key and value heads of one document: `from` (inclusive) to `to` (exclusive).
    private record Heads(Segments segments, int document, long from, long to) {
        long count() {
            return to - from;
        }

        /// The document's rows, one head after the other: (K, T, d).
        Tensor of(Tensor packed) {
            return packed.rows(segments.start(document), segments.end(document))
                    .swapped(0, 1)
                    .rows(from, to);
        }

        /// The query heads that are the same member of their groups: (K, T, d), head k·G + member for each k.
        Tensor member(Tensor packed, int members, int member) {
            Tensor rows = packed.rows(segments.start(document), segments.end(document));
            return rows.split(1, rows.size(1) / members, members)
                    .select(2, member)
                    .swapped(0, 1)
                    .rows(from, to);
        }
    }

    private static int members(Tensor q, Tensor k) {
        return k.size(1) == 0 ? 0 : Math.toIntExact(q.size(1) / k.size(1));
    }

    private DType scoreType(Tensor... operands) {
        for (Tensor operand : operands) {
            if (operand.type() == DType.FLOAT64) {
                return DType.FLOAT64;
            }
        }
        return narrowest;
    }

    /// Memory for `count` elements of `type` until it is closed.
    private Scratch scratch(DType type, long count) {
        Tensor buffer = buffers.poll();
        if (buffer == null || buffer.type() != type || buffer.elementCount() < count) {
            if (buffer != null) {
                buffer.close();
            }
            buffer = algebra.allocate(type, count);
        }
        return new Scratch(buffer);
    }

    /// A buffer that is given out part by part, and goes back to the others.
    private final class Scratch implements AutoCloseable {
        private final Tensor buffer;
        private long taken;

        private Scratch(Tensor buffer) {
            this.buffer = buffer;
        }

        /// The next free part.
        Tensor take(long... shape) {
            long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
            Tensor part = buffer.rows(taken, taken + count).reshape(shape);
            taken += count;
            return part;
        }

        @Override
        public void close() {
            buffers.add(buffer);
        }
    }

    /// Releases the buffers.
    @Override
    public void close() {
        for (Tensor buffer = buffers.poll(); buffer != null; buffer = buffers.poll()) {
            buffer.close();
        }
    }
}
