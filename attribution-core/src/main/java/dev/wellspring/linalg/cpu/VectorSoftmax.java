package dev.wellspring.linalg.cpu;

import static dev.wellspring.linalg.cpu.VectorExponential.exp;
import static dev.wellspring.linalg.cpu.Vectors.LANES;
import static dev.wellspring.linalg.cpu.Vectors.MEMORY;
import static dev.wellspring.linalg.cpu.Vectors.all;
import static dev.wellspring.linalg.cpu.Vectors.first;
import static dev.wellspring.linalg.cpu.Vectors.load;
import static dev.wellspring.linalg.cpu.Vectors.store;

import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Causal softmax and cross-entropy in FLOAT32, in place. A row's exponentials are summed in L parts, [#BLOCK]
/// of them at a time, and the sums of blocks in float64: 50,000 add up as exactly as 500. Soft caps are left
/// to others.
final class VectorSoftmax {
    private static final int BLOCK = 512;

    private final Spread spread;

    VectorSoftmax(Spread spread) {
        this.spread = spread;
    }

    boolean causalForward(Tensor scores, AttentionShape shape) {
        if (shape.softCap() != 0 || !Lines.are(DType.FLOAT32, scores)) {
            return false;
        }
        int size = scores.length(1);
        Lines rows = Lines.of(scores);
        spread.over(rows.count(), scores.elementCount(), (first, last) -> {
            float[] lanes = new float[LANES];
            for (long row = first; row < last; row++) {
                int i = (int) (row % size);
                int from = firstVisible(i, shape);
                int n = i + 1 - from;
                long visible = rows.at(row, from);
                int whole = fillUp(visible, n, size - from, Float.NEGATIVE_INFINITY);
                double sum = exponentials(visible, whole, max(visible, whole), lanes);
                scale(visible, (float) (1 / sum), whole);
                clearUnseen(rows.at(row), from, from + whole, size);
            }
        });
        return true;
    }

    /// ds = p∘(dp − Σ dp·p).
    boolean causalBackward(Tensor probabilities, AttentionShape shape, Tensor gradients) {
        if (shape.softCap() != 0 || !Lines.are(DType.FLOAT32, probabilities, gradients)) {
            return false;
        }
        int size = gradients.length(1);
        Lines forward = Lines.of(probabilities);
        Lines rows = Lines.of(gradients);
        spread.over(rows.count(), gradients.elementCount(), (first, last) -> {
            float[] lanes = new float[LANES];
            for (long row = first; row < last; row++) {
                int i = (int) (row % size);
                int from = firstVisible(i, shape);
                int n = i + 1 - from;
                long p = forward.at(row, from);
                long dp = rows.at(row, from);
                int whole = fillUp(dp, n, size - from, 0);
                float mean = (float) VectorSums.dot(dp, p, whole, lanes);
                timesDistance(p, mean, dp, whole);
                clearUnseen(rows.at(row), from, from + whole, size);
            }
        });
        return true;
    }

    boolean crossEntropy(Tensor logits, Tensor labels, Tensor weights, double softCap, Tensor losses) {
        if (softCap != 0 || !Lines.are(DType.FLOAT32, logits)) {
            return false;
        }
        int vocabulary = logits.length(1);
        Lines rows = Lines.of(logits);
        double[] weight = doubles(weights);
        int[] label = labels(labels, weight, vocabulary);
        Lines loss = Lines.of(losses);
        spread.over(logits.size(0), logits.elementCount(), (from, to) -> {
            float[] lanes = new float[LANES];
            for (long row = from; row < to; row++) {
                double factor = weight[(int) row];
                long z = rows.at(row);
                double surprise = 0;
                if (factor == 0) {
                    clear(z, vocabulary);
                } else {
                    surprise = factor * rowLoss(z, vocabulary, label[(int) row], factor, lanes);
                }
                MEMORY.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, loss.at(0, row), surprise);
            }
        });
        return true;
    }

    /// −ln softmax(z)[label], and weight times its gradient in place of z.
    private static double rowLoss(long z, int n, int label, double weight, float[] lanes) {
        long atLabel = z + 4L * label;
        double chosen = MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, atLabel);
        float max = max(z, n);
        double sum = exponentials(z, n, max, lanes);
        double probability = MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, atLabel) / sum;
        scale(z, (float) (weight / sum), n);
        MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, atLabel, (float) (weight * (probability - 1)));
        return Math.log(sum) + max - chosen;
    }

    /// A row of weight 0 is left out, so its label may be anything.
    private static int[] labels(Tensor tensor, double[] weights, int vocabulary) {
        Lines lines = Lines.of(tensor);
        int[] labels = new int[weights.length];
        for (int row = 0; row < labels.length; row++) {
            int label = MEMORY.get(ValueLayout.JAVA_INT_UNALIGNED, lines.at(0, row));
            if (weights[row] != 0 && (label < 0 || label >= vocabulary)) {
                throw new IllegalArgumentException(
                        "labels[" + row + "]: expected 0 to " + (vocabulary - 1) + ", got " + label);
            }
            labels[row] = label;
        }
        return labels;
    }

    private static double[] doubles(Tensor tensor) {
        Lines lines = Lines.of(tensor);
        double[] values = new double[tensor.length(0)];
        for (int i = 0; i < values.length; i++) {
            values[i] = MEMORY.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, lines.at(0, i));
        }
        return values;
    }

    private static int firstVisible(int row, AttentionShape shape) {
        return shape.window() == 0 ? 0 : Math.max(0, row - shape.window() + 1);
    }

    /// Writes `value` behind n visible numbers until they fill registers, as far as the row goes; how many
    /// there are then. The columns are ones that nobody sees, and rows with nothing left for a mask are a
    /// third faster.
    private static int fillUp(long visible, int n, int available, float value) {
        int whole = Math.min(available, (n + LANES - 1) / LANES * LANES);
        for (int j = n; j < whole; j++) {
            MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, visible + 4L * j, value);
        }
        return whole;
    }

    /// Zeros in all columns but `from` to `to`.
    private static void clearUnseen(long row, int from, int to, int size) {
        clear(row, from);
        clear(row + 4L * to, size - to);
    }

    private static void clear(long x, int n) {
        if (n > 0) {
            MEMORY.asSlice(x, 4L * n).fill((byte) 0);
        }
    }

    // ---- one row ----

    /// The largest number; NaN is passed over, and comes back with its exponential.
    private static float max(long x, int n) {
        FloatVector a = all(Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            FloatVector v = load(x + 4L * i);
            a = a.blend(v, v.compare(VectorOperators.GT, a));
            FloatVector w = load(x + 4L * i + 4L * LANES);
            b = b.blend(w, w.compare(VectorOperators.GT, b));
        }
        for (; i < n; i += LANES) {
            VectorMask<Float> rest = first(n - i);
            FloatVector v = load(x + 4L * i, rest);
            a = a.blend(v, v.compare(VectorOperators.GT, a).and(rest));
        }
        return a.blend(b, b.compare(VectorOperators.GT, a)).reduceLanes(VectorOperators.MAX);
    }

    /// x = exp(x − max); the sum of the new values.
    private static double exponentials(long x, int n, float max, float[] lanes) {
        double sum = 0;
        for (int i = 0; i < n; i += BLOCK) {
            sum += blockOfExponentials(x + 4L * i, Math.min(BLOCK, n - i), max, lanes);
        }
        return sum;
    }

    private static double blockOfExponentials(long x, int n, float max, float[] lanes) {
        FloatVector sum = all(0);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector e = exp(load(x + 4L * i).sub(max));
            sum = sum.add(e);
            store(e, x + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            FloatVector e = exp(load(x + 4L * i, rest).sub(max));
            sum = sum.add(all(0).blend(e, rest));
            store(e, x + 4L * i, rest);
        }
        return Vectors.sum(sum, lanes);
    }

    /// x = factor·x.
    private static void scale(long x, float factor, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(x + 4L * i).mul(factor), x + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            store(load(x + 4L * i, rest).mul(factor), x + 4L * i, rest);
        }
    }

    /// x = p·(x − mean).
    private static void timesDistance(long p, float mean, long x, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(x + 4L * i).sub(mean).mul(load(p + 4L * i)), x + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            store(load(x + 4L * i, rest).sub(mean).mul(load(p + 4L * i, rest)), x + 4L * i, rest);
        }
    }
}
