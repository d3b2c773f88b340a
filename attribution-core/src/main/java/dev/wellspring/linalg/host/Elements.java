package dev.wellspring.linalg.host;

import dev.wellspring.linalg.AdamStep;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Copies, element-wise arithmetic and sums.
final class Elements {
    private static final int BLOCK = Blocks.BLOCK;

    /// Columns of a table that one thread adds to.
    private static final int COLUMNS = 64;

    private final Blocks blocks;

    Elements(Blocks blocks) {
        this.blocks = blocks;
    }

    // ---- copies ----

    void upload(MemorySegment source, DType sourceType, Tensor target) {
        if (sourceType == target.type() && target.isContiguous()) {
            long bytes = target.elementCount() * sourceType.byteSize();
            MemorySegment.copy(source, 0, target.segment(), 0, bytes);
        } else if (target.elementCount() > 0) {
            copyHere(Rows.contiguous(source, sourceType, shape(target)), Rows.of(target));
        }
    }

    void download(Tensor source, MemorySegment target, DType targetType) {
        if (targetType == source.type() && source.isContiguous()) {
            long bytes = source.elementCount() * targetType.byteSize();
            MemorySegment.copy(source.segment(), 0, target, 0, bytes);
        } else if (source.elementCount() > 0) {
            copyHere(Rows.of(source), Rows.contiguous(target, targetType, shape(source)));
        }
    }

    void copy(Tensor source, Tensor target) {
        if (source.elementCount() > 0) {
            copy(Rows.of(source), Rows.of(target));
        }
    }

    /// On the calling thread, since the caller's memory may belong to that thread alone.
    static void copyHere(Rows source, Rows target) {
        copy(source, target, 0, target.count());
    }

    private void copy(Rows source, Rows target) {
        blocks.spread(target.count(), target.count() * target.width(), (from, to) -> copy(source, target, from, to));
    }

    private static void copy(Rows source, Rows target, long from, long to) {
        long width = target.width();
        boolean sameBytes = source.type() == target.type() && source.unitStep() && target.unitStep();
        double[] values = new double[(int) Math.min(width, BLOCK)];
        for (long row = from; row < to; row++) {
            if (sameBytes) {
                target.bytes(row).copyFrom(source.bytes(row));
                continue;
            }
            for (long column = 0; column < width; column += BLOCK) {
                int n = (int) Math.min(BLOCK, width - column);
                source.load(row, column, values, n);
                target.store(row, column, values, n);
            }
        }
    }

    void fill(Tensor target, double value) {
        if (target.elementCount() > 0) {
            map(new Tensor[0], target, (in, out, n) -> Arrays.fill(out[0], 0, n, value));
        }
    }

    // ---- element by element ----

    void add(double alpha, Tensor x, Tensor y) {
        Tensor addend = x.rank() < y.rank() ? x.repeated(y.size(0)) : x;
        map(new Tensor[] {addend, y}, y, (in, out, n) -> {
            double[] a = in[0];
            double[] b = in[1];
            double[] sum = out[0];
            for (int i = 0; i < n; i++) {
                sum[i] = b[i] + alpha * a[i];
            }
        });
    }

    /// y = beta·y + alpha·x, not reading y when beta is 0.
    void combine(double alpha, Tensor x, double beta, Tensor y) {
        if (beta == 0) {
            scale(alpha, x, y);
            return;
        }
        map(new Tensor[] {x, y}, y, (in, out, n) -> {
            double[] a = in[0];
            double[] b = in[1];
            double[] sum = out[0];
            for (int i = 0; i < n; i++) {
                sum[i] = beta * b[i] + alpha * a[i];
            }
        });
    }

    void scale(double factor, Tensor x, Tensor y) {
        map(new Tensor[] {x}, y, (in, out, n) -> {
            double[] a = in[0];
            double[] product = out[0];
            for (int i = 0; i < n; i++) {
                product[i] = a[i] * factor;
            }
        });
    }

    void addSquared(double alpha, Tensor x, Tensor y) {
        map(new Tensor[] {x, y}, y, (in, out, n) -> {
            double[] a = in[0];
            double[] b = in[1];
            double[] sum = out[0];
            for (int i = 0; i < n; i++) {
                sum[i] = b[i] + alpha * (a[i] * a[i]);
            }
        });
    }

    void divideDamped(Tensor x, Tensor lambda, double damping, Tensor y) {
        map(new Tensor[] {x, lambda}, y, (in, out, n) -> {
            double[] a = in[0];
            double[] divisor = in[1];
            double[] quotient = out[0];
            for (int i = 0; i < n; i++) {
                quotient[i] = a[i] / (divisor[i] + damping);
            }
        });
    }

    private void map(Tensor[] inputs, Tensor output, Blocks.Body body) {
        if (output.elementCount() > 0) {
            blocks.map(inputs, new Tensor[] {output}, () -> body);
        }
    }

    // ---- sums ----

    /// One segment and one block of columns at a time: the rows add up in their order.
    void segmentSum(Tensor x, Segments segments, double beta, Tensor out) {
        Rows rows = Rows.of(x);
        Rows sums = Rows.of(out);
        long width = x.size(1);
        long blocksPerRow = Math.ceilDiv(width, BLOCK);
        blocks.spread(segments.count() * blocksPerRow, x.elementCount(), (from, to) -> {
            double[] sum = new double[BLOCK];
            double[] values = new double[BLOCK];
            for (long item = from; item < to; item++) {
                int segment = (int) (item / blocksPerRow);
                long column = item % blocksPerRow * BLOCK;
                int n = (int) Math.min(BLOCK, width - column);
                startFrom(beta, sums, segment, column, sum, n);
                for (int row = segments.start(segment); row < segments.end(segment); row++) {
                    rows.load(row, column, values, n);
                    for (int i = 0; i < n; i++) {
                        sum[i] += values[i];
                    }
                }
                sums.store(segment, column, sum, n);
            }
        });
    }

    /// All dot products of one row t at a time.
    void rowDot(Tensor x, Tensor y, double beta, Tensor out) {
        int queries = x.length(1);
        int rank = x.length(2);
        Rows left = Rows.of(x);
        Rows right = Rows.of(y);
        Rows sums = Rows.of(out);
        blocks.spread(x.size(0), x.elementCount(), (from, to) -> {
            double[] sum = new double[queries];
            double[] a = new double[rank];
            double[] b = new double[rank];
            for (long row = from; row < to; row++) {
                startFrom(beta, sums, row, 0, sum, queries);
                for (int q = 0; q < queries; q++) {
                    left.load(row * queries + q, 0, a, rank);
                    right.load(row * queries + q, 0, b, rank);
                    sum[q] += Sums.dot(a, b, rank);
                }
                sums.store(row, 0, sum, queries);
            }
        });
    }

    /// Partial sums by block, added in the order of the blocks whoever computed them.
    void dot(Tensor x, Tensor y, double beta, Tensor out) {
        boolean joined = x.isContiguous() && y.isContiguous();
        Rows left = joined ? Rows.contiguous(x.segment(), x.type(), x.elementCount()) : Rows.of(x);
        Rows right = joined ? Rows.contiguous(y.segment(), y.type(), y.elementCount()) : Rows.of(y);
        long width = left.width();
        long blocksPerRow = Math.ceilDiv(width, BLOCK);
        double[] partial = new double[Math.toIntExact(left.count() * blocksPerRow)];
        blocks.spread(partial.length, x.elementCount(), (from, to) -> {
            double[] a = new double[BLOCK];
            double[] b = new double[BLOCK];
            for (long block = from; block < to; block++) {
                long column = block % blocksPerRow * BLOCK;
                int n = (int) Math.min(BLOCK, width - column);
                left.load(block / blocksPerRow, column, a, n);
                right.load(block / blocksPerRow, column, b, n);
                partial[(int) block] = Sums.dot(a, b, n);
            }
        });
        double[] sum = new double[1];
        Rows result = Rows.contiguous(out.segment(), out.type(), 1);
        startFrom(beta, result, 0, 0, sum, 1);
        sum[0] += Sums.sum(partial, partial.length);
        result.store(0, 0, sum, 1);
    }

    void gather(Tensor table, Tensor indices, double beta, Tensor out) {
        Rows entries = Rows.of(table);
        Rows wanted = Rows.of(indices);
        Rows rows = Rows.of(out);
        requireIndices(wanted, indices.size(0), table.size(0));
        int width = table.length(1);
        boolean sameBytes = beta == 0 && table.type() == out.type();
        blocks.spread(indices.size(0), out.elementCount(), (from, to) -> {
            double[] sum = new double[width];
            double[] values = new double[width];
            for (long row = from; row < to; row++) {
                int entry = wanted.integer(0, row);
                if (sameBytes) {
                    rows.bytes(row).copyFrom(entries.bytes(entry));
                    continue;
                }
                startFrom(beta, rows, row, 0, sum, width);
                entries.load(entry, 0, values, width);
                for (int i = 0; i < width; i++) {
                    sum[i] += values[i];
                }
                rows.store(row, 0, sum, width);
            }
        });
    }

    /// One block of columns at a time: its rows add up in their order.
    void scatterAdd(double alpha, Tensor x, Tensor indices, Tensor table) {
        Rows entries = Rows.of(table);
        Rows wanted = Rows.of(indices);
        Rows rows = Rows.of(x);
        requireIndices(wanted, indices.size(0), table.size(0));
        long width = table.size(1);
        blocks.spread(Math.ceilDiv(width, COLUMNS), x.elementCount(), (from, to) -> {
            double[] sum = new double[COLUMNS];
            double[] values = new double[COLUMNS];
            for (long row = 0; row < indices.size(0); row++) {
                int entry = wanted.integer(0, row);
                for (long column = from * COLUMNS; column < Math.min(width, to * COLUMNS); column += COLUMNS) {
                    int n = (int) Math.min(COLUMNS, width - column);
                    entries.load(entry, column, sum, n);
                    rows.load(row, column, values, n);
                    for (int i = 0; i < n; i++) {
                        sum[i] += alpha * values[i];
                    }
                    entries.store(entry, column, sum, n);
                }
            }
        });
    }

    void adam(AdamStep step, Tensor gradient, Tensor mean, Tensor square, Tensor weight) {
        if (weight.elementCount() == 0) {
            return;
        }
        Tensor[] updated = {mean, square, weight};
        blocks.map(new Tensor[] {gradient, mean, square, weight}, updated, () -> new AdamBody(step));
    }

    private record AdamBody(AdamStep step) implements Blocks.Body {
        @Override
        public void accept(double[][] in, double[][] out, int n) {
            double scale = step.gradientScale();
            double keptMean = step.meanDecay();
            double keptSquare = step.squareDecay();
            double meanCorrection = step.meanCorrection();
            double squareCorrection = step.squareCorrection();
            double shrink = 1 - step.rate() * step.decay();
            double rate = step.rate();
            double epsilon = step.epsilon();
            double[] gradients = in[0];
            double[] oldMeans = in[1];
            double[] oldSquares = in[2];
            double[] weights = in[3];
            double[] means = out[0];
            double[] squares = out[1];
            double[] moved = out[2];
            for (int i = 0; i < n; i++) {
                double g = scale * gradients[i];
                double m = keptMean * oldMeans[i] + (1 - keptMean) * g;
                double s = keptSquare * oldSquares[i] + (1 - keptSquare) * g * g;
                means[i] = m;
                squares[i] = s;
                moved[i] =
                        weights[i] * shrink - rate * (m * meanCorrection / (Math.sqrt(s * squareCorrection) + epsilon));
            }
        }
    }

    private static void requireIndices(Rows indices, long count, long entries) {
        for (long i = 0; i < count; i++) {
            int index = indices.integer(0, i);
            if (index < 0 || index >= entries) {
                throw new IllegalArgumentException(
                        "indices[" + i + "]: expected 0 to " + (entries - 1) + ", got " + index);
            }
        }
    }

    /// beta times the old values, or zeros, without reading them, when beta is 0.
    static void startFrom(double beta, Rows rows, long row, long column, double[] values, int n) {
        if (beta == 0) {
            Arrays.fill(values, 0, n, 0);
            return;
        }
        rows.load(row, column, values, n);
        for (int i = 0; i < n; i++) {
            values[i] *= beta;
        }
    }

    private static long[] shape(Tensor tensor) {
        return tensor.rank() == 0 ? new long[] {1} : tensor.shape();
    }
}
