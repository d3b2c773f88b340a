package dev.wellspring.linalg;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Causal self-attention out of the seam's own products and [LinearAlgebra#causalSoftmax], for backends without a
/// kernel of their own.
///
/// One document at a time; its key and value heads K are shared out among threads, each of which takes one after
/// the other, or, when they are too few, are the batch of each product. Of the G = H/K query heads that share a
/// key and value head, one member after the other takes its turn, so that nothing is repeated: operands are
/// strided views. The scores of one member, (K, T, T), live in a buffer that grows to the longest document.
///
/// Operands are multiplied as they are, if an algebra multiplies their type in hardware
/// ([LinearAlgebra#operandType]): probabilities and their gradients are then rounded to it. Otherwise operands are
/// widened to the type of the scores.
///
/// Rows are taken in blocks, each with the columns that a row of it sees: about half of the products are above the
/// diagonal, and left out.
///
/// With P = softmax(S), S = scale·Q·Kᵀ: dV = Σ Pᵀ·dO, dP = dO·Vᵀ, dS as in [LinearAlgebra#causalSoftmaxBackward],
/// dQ = scale·dS·K, dK = Σ scale·dSᵀ·Q, the sums over the members.
public final class ComposedAttention implements AutoCloseable {
    /// Rows of a block: fewer leave out more, and multiply more slowly.
    private static final long BLOCK = 128;

    /// Operands of the forward pass; of the backward pass there are more.
    private static final int FORWARD = 4;

    private final LinearAlgebra algebra;
    private final DType narrowest;
    private final RowParallel parallel;
    private final Buffers squares = new Buffers();
    private final Buffers rounded = new Buffers();
    private final Buffers widened = new Buffers();

    /// @param algebra computes the parts
    /// @param narrowest the type of the scores, unless an operand is wider: FLOAT32 or FLOAT64
    /// @param parallel spreads heads over threads; only for an algebra whose operations on tensors of the scores'
    ///     type may run at the same time
    public ComposedAttention(LinearAlgebra algebra, DType narrowest, RowParallel parallel) {
        this.algebra = algebra;
        this.narrowest = narrowest;
        this.parallel = parallel;
    }

    /// What attention takes in the process, as an [AttentionMemory]: the largest document's scores, and where
    /// operands are narrower than those, either squares rounded for them or their widened copies.
    public static long byteSize(AttentionMemory.Sizes sizes) {
        DType type = sizes.type().sumType();
        long scores = squareElements(sizes.keyValueHeads(), sizes.longest()) * type.byteSize();
        if (sizes.type() == type) {
            return scores;
        }
        long rowElements = sizes.longest() * sizes.headSize();
        long copies = rowElements * (3 * sizes.heads() + 4 * sizes.keyValueHeads()) * type.byteSize();
        long roundings = sizes.keyValueHeads()
                        * sizes.longest()
                        * sizes.longest()
                        * sizes.type().byteSize()
                + 2 * rowElements * sizes.keyValueHeads() * type.byteSize();
        return scores + Math.max(copies, roundings);
    }

    /// Elements of probabilities, their gradients and capped scores.
    private static long squareElements(long keyValueHeads, long rows) {
        return 3 * keyValueHeads * rows * rows;
    }

    /// [LinearAlgebra#attentionForward], operands already checked.
    public void forward(Tensor q, Tensor k, Tensor v, Segments segments, AttentionShape shape, Tensor out) {
        for (int i = 0; i < segments.count(); i++) {
            try (var document = new Document(segments.start(i), segments.end(i), q, k, v, out)) {
                Tensor queries = document.read(q);
                Tensor keys = document.read(k);
                Tensor values = document.read(v);
                Tensor result = document.written(out);
                overHeads(keys, heads -> forward(document.scores, heads, queries, keys, values, shape, result));
                document.finish();
            }
        }
    }

    private void forward(DType type, Heads heads, Tensor q, Tensor k, Tensor v, AttentionShape shape, Tensor out) {
        Tensor keys = heads.of(k);
        Tensor values = heads.of(v);
        int members = members(q, k);
        long[] square = {keys.size(0), keys.size(1), keys.size(1)};
        long elements = keys.size(0) * keys.size(1) * keys.size(1);
        try (Scratch scratch = squares.take(type, elements);
                Scratch narrow = rounded.take(k.type(), k.type() == type ? 0 : elements)) {
            Tensor scores = scratch.take(square);
            Tensor factor = k.type() == type ? null : narrow.take(square);
            for (int member = 0; member < members; member++) {
                probabilities(heads.member(q, members, member), keys, shape, scores, null);
                timesSeen(1, round(scores, factor), values, shape, heads.member(out, members, member));
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
        for (int i = 0; i < segments.count(); i++) {
            try (var document = new Document(segments.start(i), segments.end(i), q, k, v, dout, dq, dk, dv)) {
                Tensor queries = document.read(q);
                Tensor keys = document.read(k);
                Tensor values = document.read(v);
                Tensor doutputs = document.read(dout);
                Tensor dqueries = document.written(dq);
                boolean once = members(q, k) == 1;
                Tensor dkeys = once ? document.written(dk) : document.sum(dk);
                Tensor dvalues = once ? document.written(dv) : document.sum(dv);
                overHeads(
                        keys,
                        heads -> backward(
                                document.scores,
                                heads,
                                queries,
                                keys,
                                values,
                                shape,
                                doutputs,
                                dqueries,
                                dkeys,
                                dvalues));
                document.finish();
            }
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
        int members = members(q, k);
        long[] square = {keys.size(0), keys.size(1), keys.size(1)};
        long elements = keys.size(0) * keys.size(1) * keys.size(1);
        try (Scratch scratch = squares.take(type, squareElements(keys.size(0), keys.size(1)));
                Scratch narrow = rounded.take(k.type(), k.type() == type ? 0 : elements)) {
            Tensor p = scratch.take(square);
            Tensor ds = scratch.take(square);
            Tensor scores = shape.softCap() == 0 ? null : scratch.take(square);
            Tensor factor = k.type() == type ? null : narrow.take(square);
            for (int member = 0; member < members; member++) {
                double old = member == 0 ? 0 : 1;
                Tensor queries = heads.member(q, members, member);
                Tensor doutputs = heads.member(dout, members, member);
                probabilities(queries, keys, shape, p, scores);
                timesSeeing(1, round(p, factor), doutputs, shape, old, heads.of(dv));
                products(1, doutputs, values, shape, ds);
                algebra.causalSoftmaxBackward(p, scores, shape, ds);
                Tensor slopes = round(ds, factor);
                timesSeen(shape.scale(), slopes, keys, shape, heads.member(dq, members, member));
                timesSeeing(shape.scale(), slopes, queries, shape, old, heads.of(dk));
            }
        }
    }

    /// Threads take heads where there is one for each, one after the other, so that its scores stay near.
    private void overHeads(Tensor keys, Consumer<Heads> body) {
        if (keys.size(1) < parallel.threads() || parallel.threads() == 1) {
            body.accept(new Heads(0, keys.size(1)));
            return;
        }
        parallel.forRanges(keys.size(1), (from, to) -> {
            for (long head = from; head < to; head++) {
                body.accept(new Heads(head, head + 1));
            }
        });
    }

    private void probabilities(
            Tensor queries, Tensor keys, AttentionShape shape, Tensor target, @Nullable Tensor scores) {
        products(shape.scale(), queries, keys, shape, target);
        if (scores != null) {
            algebra.copy(target, scores);
        }
        algebra.causalSoftmax(target, shape);
    }

    /// The parts of a square that a row of a block sees, and what is left of them, as they are multiplied with rows.
    ///
    /// @param factor the same shape in the type of the rows, or null where that is the square's
    private Tensor round(Tensor square, @Nullable Tensor factor) {
        if (factor == null) {
            return square;
        }
        long rows = square.size(1);
        for (long from = 0; from < rows; from += BLOCK) {
            long to = Math.min(rows, from + BLOCK);
            algebra.copy(
                    square.slice(1, from, to).slice(2, 0, to),
                    factor.slice(1, from, to).slice(2, 0, to));
        }
        return factor;
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

    /// The rows of one document, widened where their type is not multiplied: products then need nothing but their
    /// operands, so that threads may form them at the same time.
    private final class Document implements AutoCloseable {
        private record Written(Tensor computed, Tensor target) {}

        private final long start;
        private final long end;
        private final DType scores;
        private final DType type;
        private final Scratch copies;
        private final List<Written> results = new ArrayList<>();

        Document(long start, long end, Tensor... operands) {
            this.start = start;
            this.end = end;
            scores = scoreType(operands);
            type = isMultiplied(operands) ? operands[0].type() : scores;
            boolean sums = operands.length > FORWARD && members(operands[0], operands[1]) > 1;
            copies = widened.take(
                    scores,
                    Arrays.stream(operands)
                                    .filter(operand -> operand.type() != type)
                                    .mapToLong(operand -> rows(operand).elementCount())
                                    .sum()
                            + (sums && type != scores ? 2 * rows(operands[1]).elementCount() : 0));
        }

        private Tensor rows(Tensor packed) {
            return packed.rows(start, end);
        }

        /// The document's rows, (T, heads, d).
        Tensor read(Tensor packed) {
            Tensor rows = rows(packed);
            if (rows.type() == type) {
                return rows;
            }
            Tensor copy = copies.take(rows.shape());
            algebra.copy(rows, copy);
            return copy;
        }

        /// Where they are computed.
        Tensor written(Tensor packed) {
            return written(packed, type);
        }

        /// Where they are added up, to be rounded once.
        Tensor sum(Tensor packed) {
            return written(packed, scores);
        }

        private Tensor written(Tensor packed, DType wanted) {
            Tensor rows = rows(packed);
            if (rows.type() == wanted) {
                return rows;
            }
            Tensor computed = copies.take(rows.shape());
            results.add(new Written(computed, rows));
            return computed;
        }

        /// Brings what was computed to where it belongs.
        void finish() {
            results.forEach(result -> algebra.copy(result.computed, result.target));
        }

        @Override
        public void close() {
            copies.close();
        }
    }

    /// Some key and value heads, `from` (inclusive) to `to` (exclusive), of a document's rows.
    private record Heads(long from, long to) {
        /// One head after the other: (K, T, d).
        Tensor of(Tensor rows) {
            return rows.swapped(0, 1).rows(from, to);
        }

        /// The query heads that are the same member of their groups: (K, T, d), head k·G + member for each k.
        Tensor member(Tensor rows, int members, int member) {
            return rows.split(1, rows.size(1) / members, members)
                    .select(2, member)
                    .swapped(0, 1)
                    .rows(from, to);
        }
    }

    private static int members(Tensor q, Tensor k) {
        return k.size(1) == 0 ? 0 : Math.toIntExact(q.size(1) / k.size(1));
    }

    /// The type of the scores.
    private DType scoreType(Tensor... operands) {
        for (Tensor operand : operands) {
            if (operand.type() == DType.FLOAT64) {
                return DType.FLOAT64;
            }
        }
        return narrowest;
    }

    /// Whether products of these operands need no wider copies of them.
    private boolean isMultiplied(Tensor... operands) {
        DType type = operands[0].type();
        return narrowest == type.sumType()
                && algebra.operandType(type) == type
                && Arrays.stream(operands).allMatch(operand -> operand.type() == type);
    }

    /// Scratch memory that is kept: fresh memory would cost a page fault for every 4 KiB.
    private final class Buffers implements AutoCloseable {
        private final Queue<Tensor> free = new ConcurrentLinkedQueue<>();

        /// Memory for `count` elements of `type` until it is closed.
        Scratch take(DType type, long count) {
            Tensor buffer = free.poll();
            if (buffer == null || buffer.type() != type || buffer.elementCount() < count) {
                if (buffer != null) {
                    buffer.close();
                }
                buffer = algebra.allocate(type, count);
            }
            return new Scratch(buffer, free);
        }

        @Override
        public void close() {
            for (Tensor buffer = free.poll(); buffer != null; buffer = free.poll()) {
                buffer.close();
            }
        }
    }

    /// A buffer that is given out part by part, and goes back to the others.
    private static final class Scratch implements AutoCloseable {
        private final Tensor buffer;
        private final Queue<Tensor> others;
        private long taken;

        private Scratch(Tensor buffer, Queue<Tensor> others) {
            this.buffer = buffer;
            this.others = others;
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
            others.add(buffer);
        }
    }

    /// Releases the buffers.
    @Override
    public void close() {
        squares.close();
        rounded.close();
        widened.close();
    }
}
