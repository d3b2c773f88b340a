package dev.wellspring.linalg.cpu;

import static dev.wellspring.linalg.cpu.Vectors.DOUBLES;
import static dev.wellspring.linalg.cpu.Vectors.LANES;
import static dev.wellspring.linalg.cpu.Vectors.MEMORY;
import static dev.wellspring.linalg.cpu.Vectors.WIDE_LANES;
import static dev.wellspring.linalg.cpu.Vectors.all;
import static dev.wellspring.linalg.cpu.Vectors.allWide;
import static dev.wellspring.linalg.cpu.Vectors.first;
import static dev.wellspring.linalg.cpu.Vectors.firstHalf;
import static dev.wellspring.linalg.cpu.Vectors.load;
import static dev.wellspring.linalg.cpu.Vectors.widened;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Sums of FLOAT32 numbers and of their products, into FLOAT32 or FLOAT64. Into FLOAT64 every product and sum
/// is in float64. Into FLOAT32 products add up in 4·L parts, [#BLOCK] of them at a time, and blocks in
/// float64. The order follows from the length alone.
final class VectorSums {
    private static final int BLOCK = 4096;

    /// Columns that are summed over the rows together.
    private static final int COLUMNS = 1024;

    private final Spread spread;

    VectorSums(Spread spread) {
        this.spread = spread;
    }

    private static boolean take(Tensor out, Tensor... inputs) {
        return Lines.are(DType.FLOAT32, inputs) && (Lines.are(DType.FLOAT32, out) || Lines.are(DType.FLOAT64, out));
    }

    /// One segment and one block of columns at a time: the rows add up four by four, in float64.
    boolean segmentSum(Tensor x, Segments segments, double beta, Tensor out) {
        if (!take(out, x)) {
            return false;
        }
        Lines rows = Lines.of(x);
        Lines sums = Lines.of(out);
        long width = x.size(1);
        long blocksPerRow = Math.ceilDiv(width, COLUMNS);
        long step = Float.BYTES * x.stride(0);
        int size = out.type().byteSize();
        spread.over(segments.count() * blocksPerRow, x.elementCount(), (from, to) -> {
            double[] sum = new double[COLUMNS + WIDE_LANES];
            for (long item = from; item < to; item++) {
                int segment = (int) (item / blocksPerRow);
                long column = item % blocksPerRow * COLUMNS;
                int n = (int) Math.min(COLUMNS, width - column);
                Arrays.fill(sum, 0);
                int row = segments.start(segment);
                for (; row + 3 < segments.end(segment); row += 4) {
                    addFour(sum, rows.at(row, column), step, n);
                }
                for (; row < segments.end(segment); row++) {
                    addTo(sum, rows.at(row, column), n);
                }
                long target = sums.at(segment, column);
                for (int i = 0; i < n; i++) {
                    put(out.type(), target + (long) i * size, beta, sum[i]);
                }
            }
        });
        return true;
    }

    /// All dot products of one row t at a time.
    boolean rowDot(Tensor x, Tensor y, double beta, Tensor out) {
        if (!take(out, x, y)) {
            return false;
        }
        int queries = x.length(1);
        int rank = x.length(2);
        Lines left = Lines.of(x);
        Lines right = Lines.of(y);
        Lines sums = Lines.of(out);
        long xStep = Float.BYTES * x.stride(1);
        long yStep = Float.BYTES * y.stride(1);
        int size = out.type().byteSize();
        spread.over(x.size(0), x.elementCount(), (from, to) -> {
            var dots = new Dots(out.type());
            for (long row = from; row < to; row++) {
                long xs = left.at(row * queries);
                long ys = right.at(row * queries);
                long target = sums.at(row);
                for (int q = 0; q < queries; q++) {
                    put(out.type(), target + (long) q * size, beta, dots.dot(xs + q * xStep, ys + q * yStep, rank));
                }
            }
        });
        return true;
    }

    /// Sums of blocks, added in the order of the blocks whoever computed them.
    boolean dot(Tensor x, Tensor y, double beta, Tensor out) {
        if (!take(out, x, y)) {
            return false;
        }
        boolean joined = x.isContiguous() && y.isContiguous();
        Lines left = joined ? Lines.joined(x) : Lines.of(x);
        Lines right = joined ? Lines.joined(y) : Lines.of(y);
        long width = left.width();
        long blocksPerRow = Math.ceilDiv(width, BLOCK);
        double[] partial = new double[Math.toIntExact(left.count() * blocksPerRow)];
        spread.over(partial.length, x.elementCount(), (from, to) -> {
            var dots = new Dots(out.type());
            for (long block = from; block < to; block++) {
                long row = block / blocksPerRow;
                long column = block % blocksPerRow * BLOCK;
                int n = (int) Math.min(BLOCK, width - column);
                partial[(int) block] = dots.dot(left.at(row, column), right.at(row, column), n);
            }
        });
        double sum = 0;
        for (double part : partial) {
            sum += part;
        }
        put(out.type(), Lines.joined(out).at(0), beta, sum);
        return true;
    }

    /// out = beta·out + sum.
    private static void put(DType type, long at, double beta, double sum) {
        if (type == DType.FLOAT64) {
            double old = beta == 0 ? 0 : beta * MEMORY.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at);
            MEMORY.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, old + sum);
        } else {
            double old = beta == 0 ? 0 : beta * MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
            MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) (old + sum));
        }
    }

    /// Inner products with what one worker needs for them.
    private static final class Dots {
        private final boolean wide;
        private final float[] lanes = new float[LANES];
        private final double[] wideLanes = new double[WIDE_LANES];

        Dots(DType out) {
            wide = out == DType.FLOAT64;
        }

        double dot(long x, long y, int n) {
            return wide ? widenedDot(x, y, n, wideLanes) : VectorSums.dot(x, y, n, lanes);
        }
    }

    /// Σ x·y of FLOAT32 numbers.
    ///
    /// @param lanes scratch of L
    static double dot(long x, long y, int n, float[] lanes) {
        double sum = 0;
        for (int i = 0; i < n; i += BLOCK) {
            sum += blockDot(x + 4L * i, y + 4L * i, Math.min(BLOCK, n - i), lanes);
        }
        return sum;
    }

    private static double blockDot(long x, long y, int n, float[] lanes) {
        FloatVector a = all(0);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int i = 0;
        for (; i <= n - 4 * LANES; i += 4 * LANES) {
            long p = x + 4L * i;
            long q = y + 4L * i;
            a = load(p).fma(load(q), a);
            b = load(p + 4L * LANES).fma(load(q + 4L * LANES), b);
            c = load(p + 8L * LANES).fma(load(q + 8L * LANES), c);
            d = load(p + 12L * LANES).fma(load(q + 12L * LANES), d);
        }
        for (; i <= n - LANES; i += LANES) {
            a = load(x + 4L * i).fma(load(y + 4L * i), a);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            b = load(x + 4L * i, rest).fma(load(y + 4L * i, rest), b);
        }
        return Vectors.sum(a.add(b).add(c.add(d)), lanes);
    }

    private static double widenedDot(long x, long y, int n, double[] lanes) {
        DoubleVector a = allWide(0);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector d = a;
        int i = 0;
        for (; i <= n - 4 * WIDE_LANES; i += 4 * WIDE_LANES) {
            long p = x + 4L * i;
            long q = y + 4L * i;
            a = widened(p).fma(widened(q), a);
            b = widened(p + 4L * WIDE_LANES).fma(widened(q + 4L * WIDE_LANES), b);
            c = widened(p + 8L * WIDE_LANES).fma(widened(q + 8L * WIDE_LANES), c);
            d = widened(p + 12L * WIDE_LANES).fma(widened(q + 12L * WIDE_LANES), d);
        }
        for (; i < n; i += WIDE_LANES) {
            VectorMask<Float> rest = firstHalf(n - i);
            a = widened(x + 4L * i, rest).fma(widened(y + 4L * i, rest), a);
        }
        return Vectors.sum(a.add(b).add(c.add(d)), lanes);
    }

    /// sum += (x₁ + x₂) + (x₃ + x₄) for four rows, `step` bytes apart: what is added to is read and written
    /// once for them.
    private static void addFour(double[] sum, long x, long step, int n) {
        int i = 0;
        for (; i <= n - WIDE_LANES; i += WIDE_LANES) {
            long at = x + 4L * i;
            DoubleVector two = widened(at).add(widened(at + step));
            DoubleVector more = widened(at + 2 * step).add(widened(at + 3 * step));
            DoubleVector.fromArray(DOUBLES, sum, i).add(two.add(more)).intoArray(sum, i);
        }
        if (i < n) {
            VectorMask<Float> rest = firstHalf(n - i);
            long at = x + 4L * i;
            DoubleVector two = widened(at, rest).add(widened(at + step, rest));
            DoubleVector more = widened(at + 2 * step, rest).add(widened(at + 3 * step, rest));
            DoubleVector.fromArray(DOUBLES, sum, i).add(two.add(more)).intoArray(sum, i);
        }
    }

    /// sum += x; `sum` has room for a whole register behind the end.
    private static void addTo(double[] sum, long x, int n) {
        int i = 0;
        for (; i <= n - WIDE_LANES; i += WIDE_LANES) {
            DoubleVector.fromArray(DOUBLES, sum, i).add(widened(x + 4L * i)).intoArray(sum, i);
        }
        if (i < n) {
            DoubleVector.fromArray(DOUBLES, sum, i)
                    .add(widened(x + 4L * i, firstHalf(n - i)))
                    .intoArray(sum, i);
        }
    }
}
