package dev.wellspring.linalg.reference;

import dev.wellspring.linalg.AdamStep;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;

/// Element-wise arithmetic and sums. Sums run in row-major order from the old value on.
final class Reductions {
    private Reductions() {}

    static void add(double alpha, Tensor x, Tensor y) {
        double[] from = Elements.read(x);
        double[] to = Elements.read(y);
        for (int i = 0; i < to.length; i++) {
            to[i] += alpha * from[i % from.length];
        }
        Elements.write(to, y);
    }

    static void scale(double factor, Tensor x, Tensor y) {
        double[] values = Elements.read(x);
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        Elements.write(values, y);
    }

    static void addSquared(double alpha, Tensor x, Tensor y) {
        double[] from = Elements.read(x);
        double[] to = Elements.read(y);
        for (int i = 0; i < to.length; i++) {
            to[i] += alpha * (from[i] * from[i]);
        }
        Elements.write(to, y);
    }

    static void divideDamped(Tensor x, Tensor lambda, double damping, Tensor y) {
        double[] quotients = Elements.read(x);
        double[] divisors = Elements.read(lambda);
        for (int i = 0; i < quotients.length; i++) {
            quotients[i] /= divisors[i] + damping;
        }
        Elements.write(quotients, y);
    }

    static void segmentSum(Tensor x, Segments segments, double beta, Tensor out) {
        int n = x.length(1);
        double[] values = Elements.read(x);
        double[] sums = Elements.readScaled(beta, out);
        for (int s = 0; s < segments.count(); s++) {
            for (int row = segments.start(s); row < segments.end(s); row++) {
                Products.addRow(1, values, row * n, sums, s * n, n);
            }
        }
        Elements.write(sums, out);
    }

    static void rowDot(Tensor x, Tensor y, double beta, Tensor out) {
        int r = x.length(2);
        double[] left = Elements.read(x);
        double[] right = Elements.read(y);
        double[] sums = Elements.readScaled(beta, out);
        for (int i = 0; i < sums.length; i++) {
            for (int j = i * r; j < (i + 1) * r; j++) {
                sums[i] += left[j] * right[j];
            }
        }
        Elements.write(sums, out);
    }

    static void dot(Tensor x, Tensor y, double beta, Tensor out) {
        double[] left = Elements.read(x);
        double[] right = Elements.read(y);
        double[] sum = Elements.readScaled(beta, out);
        for (int i = 0; i < left.length; i++) {
            sum[0] += left[i] * right[i];
        }
        Elements.write(sum, out);
    }

    static void gather(Tensor table, Tensor indices, double beta, Tensor out) {
        int n = table.length(1);
        int[] wanted = Elements.readInts(indices);
        double[] sums = Elements.readScaled(beta, out);
        for (int i = 0; i < wanted.length; i++) {
            requireIndex(wanted[i], i, table.size(0));
            Products.addRow(1, Elements.read(table.select(0, wanted[i])), 0, sums, i * n, n);
        }
        Elements.write(sums, out);
    }

    static void scatterAdd(double alpha, Tensor x, Tensor indices, Tensor table) {
        int n = table.length(1);
        int[] wanted = Elements.readInts(indices);
        double[] rows = Elements.read(x);
        double[] sums = Elements.read(table);
        for (int i = 0; i < wanted.length; i++) {
            requireIndex(wanted[i], i, table.size(0));
            Products.addRow(alpha, rows, i * n, sums, wanted[i] * n, n);
        }
        Elements.write(sums, table);
    }

    static void adam(AdamStep step, Tensor gradient, Tensor mean, Tensor square, Tensor weight) {
        double[] gradients = Elements.read(gradient);
        double[] means = Elements.read(mean);
        double[] squares = Elements.read(square);
        double[] weights = Elements.read(weight);
        for (int i = 0; i < weights.length; i++) {
            double g = step.gradientScale() * gradients[i];
            means[i] = step.meanDecay() * means[i] + (1 - step.meanDecay()) * g;
            squares[i] = step.squareDecay() * squares[i] + (1 - step.squareDecay()) * g * g;
            double root = Math.sqrt(squares[i] * step.squareCorrection());
            weights[i] -= step.rate()
                    * (step.decay() * weights[i] + means[i] * step.meanCorrection() / (root + step.epsilon()));
        }
        Elements.write(means, mean);
        Elements.write(squares, square);
        Elements.write(weights, weight);
    }

    private static void requireIndex(int index, int row, long entries) {
        if (index < 0 || index >= entries) {
            throw new IllegalArgumentException(
                    "indices[" + row + "]: expected 0 to " + (entries - 1) + ", got " + index);
        }
    }
}
