package dev.wellspring.linalg.cpu;

import static dev.wellspring.linalg.cpu.Vectors.FLOATS;
import static dev.wellspring.linalg.cpu.Vectors.LANES;
import static dev.wellspring.linalg.cpu.Vectors.MEMORY;
import static dev.wellspring.linalg.cpu.Vectors.all;
import static dev.wellspring.linalg.cpu.Vectors.first;
import static dev.wellspring.linalg.cpu.Vectors.load;
import static dev.wellspring.linalg.cpu.Vectors.store;

import dev.wellspring.linalg.NormKind;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/// Layer norm and RMS norm of FLOAT32 and BFLOAT16 in FLOAT32, row by row. A row is summed in 4·L parts, which are
/// added up in float64.
final class VectorNorms {
    private final Spread spread;

    VectorNorms(Spread spread) {
        this.spread = spread;
    }

    boolean forward(
            NormKind kind,
            double epsilon,
            Tensor x,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            Tensor y,
            Tensor statistics) {
        if (!Lines.areNarrow(x, weight, bias, y) || !takes(statistics)) {
            return false;
        }
        int n = x.length(x.rank() - 1);
        Lines in = Lines.of(x);
        Lines out = Lines.of(y);
        Lines moments = Lines.of(statistics);
        Factors factors = Factors.of(weight, n);
        float[] shift = bias == null ? new float[n + LANES] : Factors.of(bias, n).values;
        spread.over(in.count(), x.elementCount(), (from, to) -> {
            float[] lanes = new float[LANES];
            Staging staging = Staging.of(2, n);
            for (long row = from; row < to; row++) {
                long at = staging.read(0, in.type(), in.at(row), n);
                long result = staging.target(1, out.type(), out.at(row));
                double mean = kind == NormKind.LAYER_NORM && n > 0 ? sum(at, n, lanes) / n : 0;
                double square = n == 0 ? 0 : squares(at, (float) mean, n, lanes) / n;
                double inverse = 1 / Math.sqrt(square + epsilon);
                normalise(at, (float) mean, (float) inverse, factors.values, factors.start(row), shift, result, n);
                staging.write(1, out.type(), out.at(row), n);
                put(moments, row, 0, mean);
                put(moments, row, 1, inverse);
            }
        });
        return true;
    }

    /// With x̂ = (x − mean)·inverse and h = dy·weight: dx = inverse·(h − mean(h) − x̂·mean(h·x̂)), for RMS
    /// without mean(h).
    boolean backward(
            NormKind kind, Tensor dy, Tensor x, @Nullable Tensor weight, Tensor statistics, double beta, Tensor dx) {
        if (!Lines.areNarrow(dy, x, weight, dx) || !takes(statistics)) {
            return false;
        }
        int n = x.length(x.rank() - 1);
        Lines in = Lines.of(x);
        Lines gradients = Lines.of(dy);
        Lines out = Lines.of(dx);
        Lines moments = Lines.of(statistics);
        Factors factors = Factors.of(weight, n);
        boolean centred = kind == NormKind.LAYER_NORM;
        spread.over(in.count(), x.elementCount(), (from, to) -> {
            float[] lanes = new float[LANES];
            var sums = new double[2];
            Staging staging = Staging.of(4, n);
            for (long row = from; row < to; row++) {
                long at = staging.read(0, in.type(), in.at(row), n);
                long gradient = staging.read(1, gradients.type(), gradients.at(row), n);
                float mean = (float) get(moments, row, 0);
                float inverse = (float) get(moments, row, 1);
                int start = factors.start(row);
                slopes(at, gradient, mean, inverse, factors.values, start, n, lanes, sums);
                float alongX = n == 0 ? 0 : (float) (sums[0] / n);
                float alongOnes = n == 0 || !centred ? 0 : (float) (sums[1] / n);
                var line = new Line(mean, inverse, alongX, alongOnes);
                if (beta == 0) {
                    long result = staging.target(2, out.type(), out.at(row));
                    project(at, gradient, line, factors.values, start, result, n);
                } else {
                    long addend = staging.scratch(3);
                    project(at, gradient, line, factors.values, start, addend, n);
                    VectorElements.combine((float) beta, staging.read(2, out.type(), out.at(row), n), addend, n);
                }
                staging.write(2, out.type(), out.at(row), n);
            }
        });
        return true;
    }

    private static boolean takes(Tensor statistics) {
        return Lines.are(DType.FLOAT32, statistics) || Lines.are(DType.FLOAT64, statistics);
    }

    // ---- statistics and weights ----

    private static double get(Lines lines, long row, int column) {
        long at = lines.at(row, column);
        return lines.type() == DType.FLOAT64
                ? MEMORY.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at)
                : MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
    }

    private static void put(Lines lines, long row, int column, double value) {
        long at = lines.at(row, column);
        if (lines.type() == DType.FLOAT64) {
            MEMORY.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, value);
        } else {
            MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) value);
        }
    }

    /// One row of n weights for all rows, or one for each head, with room for a whole register behind the
    /// last.
    private static final class Factors {
        private final float[] values;
        private final int n;
        private final int heads;

        private Factors(float[] values, int n, int heads) {
            this.values = values;
            this.n = n;
            this.heads = heads;
        }

        static Factors of(@Nullable Tensor weight, int n) {
            if (weight == null) {
                float[] ones = new float[n + LANES];
                Arrays.fill(ones, 1);
                return new Factors(ones, n, 1);
            }
            Lines rows = Lines.of(weight);
            int heads = Math.toIntExact(rows.count());
            float[] values = new float[heads * n + LANES];
            Staging staging = Staging.of(1, n);
            for (int head = 0; head < heads && n > 0; head++) {
                long at = staging.read(0, rows.type(), rows.at(head), n);
                MemorySegment.copy(MEMORY, ValueLayout.JAVA_FLOAT_UNALIGNED, at, values, head * n, n);
            }
            return new Factors(values, n, heads);
        }

        int start(long row) {
            return heads == 1 ? 0 : (int) (row % heads) * n;
        }
    }

    // ---- one row ----

    /// Σ x.
    private static double sum(long x, int n, float[] lanes) {
        FloatVector a = all(0);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int i = 0;
        for (; i <= n - 4 * LANES; i += 4 * LANES) {
            long at = x + 4L * i;
            a = a.add(load(at));
            b = b.add(load(at + 4L * LANES));
            c = c.add(load(at + 8L * LANES));
            d = d.add(load(at + 12L * LANES));
        }
        for (; i <= n - LANES; i += LANES) {
            a = a.add(load(x + 4L * i));
        }
        if (i < n) {
            b = b.add(load(x + 4L * i, first(n - i)));
        }
        return Vectors.sum(a.add(b).add(c.add(d)), lanes);
    }

    /// Σ (x − mean)².
    private static double squares(long x, float mean, int n, float[] lanes) {
        FloatVector a = all(0);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int i = 0;
        for (; i <= n - 4 * LANES; i += 4 * LANES) {
            long at = x + 4L * i;
            FloatVector v = load(at).sub(mean);
            a = v.fma(v, a);
            v = load(at + 4L * LANES).sub(mean);
            b = v.fma(v, b);
            v = load(at + 8L * LANES).sub(mean);
            c = v.fma(v, c);
            v = load(at + 12L * LANES).sub(mean);
            d = v.fma(v, d);
        }
        for (; i <= n - LANES; i += LANES) {
            FloatVector v = load(x + 4L * i).sub(mean);
            a = v.fma(v, a);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            FloatVector v = all(0).blend(load(x + 4L * i, rest).sub(mean), rest);
            b = v.fma(v, b);
        }
        return Vectors.sum(a.add(b).add(c.add(d)), lanes);
    }

    /// y = (x − mean)·inverse·weight + bias.
    private static void normalise(
            long x, float mean, float inverse, float[] weight, int start, float[] bias, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector v = load(x + 4L * i).sub(mean).mul(inverse);
            FloatVector factor = FloatVector.fromArray(FLOATS, weight, start + i);
            store(v.fma(factor, FloatVector.fromArray(FLOATS, bias, i)), y + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            FloatVector v = load(x + 4L * i, rest).sub(mean).mul(inverse);
            FloatVector factor = FloatVector.fromArray(FLOATS, weight, start + i);
            store(v.fma(factor, FloatVector.fromArray(FLOATS, bias, i)), y + 4L * i, rest);
        }
    }

    /// sums = Σ h·x̂ and Σ h. Lanes behind the end have h = 0.
    private static void slopes(
            long x,
            long dy,
            float mean,
            float inverse,
            float[] weight,
            int start,
            int n,
            float[] lanes,
            double[] sums) {
        FloatVector products = all(0);
        FloatVector more = products;
        FloatVector total = products;
        FloatVector rest = products;
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            FloatVector h = load(dy + 4L * i).mul(FloatVector.fromArray(FLOATS, weight, start + i));
            products = load(x + 4L * i).sub(mean).mul(inverse).fma(h, products);
            total = total.add(h);
            int next = i + LANES;
            h = load(dy + 4L * next).mul(FloatVector.fromArray(FLOATS, weight, start + next));
            more = load(x + 4L * next).sub(mean).mul(inverse).fma(h, more);
            rest = rest.add(h);
        }
        for (; i < n; i += LANES) {
            VectorMask<Float> mask = first(n - i);
            FloatVector h = load(dy + 4L * i, mask).mul(FloatVector.fromArray(FLOATS, weight, start + i));
            products = load(x + 4L * i, mask).sub(mean).mul(inverse).fma(h, products);
            total = total.add(h);
        }
        sums[0] = Vectors.sum(products.add(more), lanes);
        sums[1] = Vectors.sum(total.add(rest), lanes);
    }

    /// What one row's gradient is made with.
    private record Line(float mean, float inverse, float alongX, float alongOnes) {}

    /// dx = inverse·(h − alongOnes − x̂·alongX).
    private static void project(long x, long dy, Line line, float[] weight, int start, long dx, int n) {
        float mean = line.mean;
        float inverse = line.inverse;
        float alongX = line.alongX;
        float alongOnes = line.alongOnes;
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector h = load(dy + 4L * i).mul(FloatVector.fromArray(FLOATS, weight, start + i));
            FloatVector along = load(x + 4L * i).sub(mean).mul(inverse).mul(alongX);
            store(h.sub(alongOnes).sub(along).mul(inverse), dx + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            FloatVector h = load(dy + 4L * i, rest).mul(FloatVector.fromArray(FLOATS, weight, start + i));
            FloatVector along = load(x + 4L * i, rest).sub(mean).mul(inverse).mul(alongX);
            store(h.sub(alongOnes).sub(along).mul(inverse), dx + 4L * i, rest);
        }
    }
}
