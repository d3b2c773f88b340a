package dev.wellspring.linalg.host;

import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Everything that exponentiates and normalises: causal softmax, cross-entropy, sampling from a softmax.
final class Softmax {
    private final Blocks blocks;

    Softmax(Blocks blocks) {
        this.blocks = blocks;
    }

    void causalForward(Tensor scores, AttentionShape shape) {
        int size = scores.length(1);
        Rows rows = Rows.of(scores);
        blocks.spread(rows.count(), scores.elementCount(), (first, last) -> {
            double[] p = new double[size];
            Exponential exponential = new Exponential(size);
            for (long row = first; row < last; row++) {
                int i = (int) (row % size);
                int from = firstVisible(i, shape);
                int n = i + 1 - from;
                rows.load(row, from, p, n);
                cap(p, shape.softCap(), n);
                double sum = exponentials(p, Sums.max(p, n), exponential, n);
                double factor = 1 / sum;
                for (int j = 0; j < n; j++) {
                    p[j] *= factor;
                }
                rows.clear(row, 0, from);
                rows.store(row, from, p, n);
                rows.clear(row, i + 1, size);
            }
        });
    }

    /// ds = p∘(dp − Σ dp·p), times 1 − tanh²(s/softCap) under a soft cap.
    void causalBackward(Tensor probabilities, @Nullable Tensor scores, AttentionShape shape, Tensor gradients) {
        int size = gradients.length(1);
        Rows forward = Rows.of(probabilities);
        Rows rows = Rows.of(gradients);
        Rows before = shape.softCap() == 0 || scores == null ? forward : Rows.of(scores);
        blocks.spread(rows.count(), gradients.elementCount(), (first, last) -> {
            double[] p = new double[size];
            double[] dp = new double[size];
            double[] s = new double[size];
            for (long row = first; row < last; row++) {
                int i = (int) (row % size);
                int from = firstVisible(i, shape);
                int n = i + 1 - from;
                forward.load(row, from, p, n);
                rows.load(row, from, dp, n);
                double mean = Sums.dot(dp, p, n);
                for (int j = 0; j < n; j++) {
                    dp[j] = p[j] * (dp[j] - mean);
                }
                if (shape.softCap() != 0) {
                    before.load(row, from, s, n);
                    cap(s, shape.softCap(), n);
                    timesCapDerivative(dp, s, shape.softCap(), n);
                }
                rows.clear(row, 0, from);
                rows.store(row, from, dp, n);
                rows.clear(row, i + 1, size);
            }
        });
    }

    void crossEntropy(Tensor logits, Tensor labels, Tensor weights, double softCap, Tensor losses) {
        int vocabulary = logits.length(1);
        Rows rows = Rows.of(logits);
        Rows label = Rows.of(labels);
        Rows weight = Rows.of(weights);
        Rows loss = Rows.of(losses);
        requireLabels(label, weight, logits.size(0), vocabulary);
        blocks.spread(logits.size(0), logits.elementCount(), (from, to) -> {
            double[] z = new double[vocabulary];
            double[] capped = softCap == 0 ? z : new double[vocabulary];
            double[] one = new double[1];
            Exponential exponential = new Exponential(vocabulary);
            for (long row = from; row < to; row++) {
                weight.load(0, row, one, 1);
                double factor = one[0];
                one[0] = 0;
                if (factor == 0) {
                    rows.clear(row, 0, vocabulary);
                } else {
                    rows.load(row, 0, z, vocabulary);
                    cap(z, softCap, vocabulary);
                    System.arraycopy(z, 0, capped, 0, vocabulary);
                    one[0] = factor * rowLoss(z, label.integer(0, row), factor, exponential);
                    if (softCap != 0) {
                        timesCapDerivative(z, capped, softCap, vocabulary);
                    }
                    rows.store(row, 0, z, vocabulary);
                }
                loss.store(0, row, one, 1);
            }
        });
    }

    /// −ln softmax(z)[label], and weight times its gradient in place of z.
    private static double rowLoss(double[] z, int label, double weight, Exponential exponential) {
        int n = z.length;
        double max = Sums.max(z, n);
        double atLabel = z[label];
        double sum = exponentials(z, max, exponential, n);
        double factor = weight / sum;
        double atLabelNow = weight * (z[label] / sum - 1);
        for (int v = 0; v < n; v++) {
            z[v] *= factor;
        }
        z[label] = atLabelNow;
        return Math.log(sum) + max - atLabel;
    }

    /// A row of weight 0 is left out, so its label may be anything.
    private static void requireLabels(Rows labels, Rows weights, long rows, int vocabulary) {
        double[] weight = new double[1];
        for (long row = 0; row < rows; row++) {
            int label = labels.integer(0, row);
            weights.load(0, row, weight, 1);
            if (weight[0] != 0 && (label < 0 || label >= vocabulary)) {
                throw new IllegalArgumentException(
                        "labels[" + row + "]: expected 0 to " + (vocabulary - 1) + ", got " + label);
            }
        }
    }

    void sample(Tensor logits, double softCap, Tensor uniforms, Tensor labels) {
        int vocabulary = logits.length(1);
        Rows rows = Rows.of(logits);
        Rows uniform = Rows.of(uniforms);
        Rows label = Rows.of(labels);
        blocks.spread(logits.size(0), logits.elementCount(), (from, to) -> {
            double[] mass = new double[vocabulary];
            double[] one = new double[1];
            Exponential exponential = new Exponential(vocabulary);
            for (long row = from; row < to; row++) {
                rows.load(row, 0, mass, vocabulary);
                cap(mass, softCap, vocabulary);
                double sum = exponentials(mass, Sums.max(mass, vocabulary), exponential, vocabulary);
                uniform.load(0, row, one, 1);
                one[0] = draw(mass, one[0] * sum);
                label.store(0, row, one, 1);
            }
        });
    }

    /// The first label whose cumulated mass exceeds the threshold. When rounding leaves none, the last one that has
    /// any mass.
    private static int draw(double[] mass, double threshold) {
        double cumulated = 0;
        int lastPossible = 0;
        for (int v = 0; v < mass.length; v++) {
            cumulated += mass[v];
            if (cumulated > threshold) {
                return v;
            }
            lastPossible = mass[v] > 0 ? v : lastPossible;
        }
        return lastPossible;
    }

    /// x = exp(x − max); the sum of the new values.
    private static double exponentials(double[] x, double max, Exponential exponential, int n) {
        for (int i = 0; i < n; i++) {
            x[i] -= max;
        }
        exponential.apply(x, n);
        return Sums.sum(x, n);
    }

    private static void cap(double[] scores, double softCap, int n) {
        if (softCap != 0) {
            for (int i = 0; i < n; i++) {
                scores[i] = softCap * Math.tanh(scores[i] / softCap);
            }
        }
    }

    /// With z = c·tanh(s/c), dz/ds = 1 − (z/c)².
    private static void timesCapDerivative(double[] gradients, double[] capped, double softCap, int n) {
        for (int i = 0; i < n; i++) {
            double t = capped[i] / softCap;
            gradients[i] *= 1 - t * t;
        }
    }

    private static int firstVisible(int row, AttentionShape shape) {
        return shape.window() == 0 ? 0 : Math.max(0, row - shape.window() + 1);
    }
}
