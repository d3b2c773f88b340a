package dev.wellspring.linalg.reference;

import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Everything that exponentiates and normalises: causal softmax, cross-entropy, sampling from a softmax.
final class Softmax {
    private Softmax() {}

    static void causalForward(Tensor scores, AttentionShape shape) {
        int rows = scores.length(1);
        double[] values = Elements.read(scores);
        double[] probabilities = new double[values.length];
        for (int line = 0; line < scores.size(0) * rows; line++) {
            int i = line % rows;
            int from = line * rows + firstVisible(i, shape);
            int to = line * rows + i + 1;
            for (int j = from; j < to; j++) {
                values[j] = capped(values[j], shape.softCap());
            }
            double max = max(values, from, to);
            double sum = 0;
            for (int j = from; j < to; j++) {
                probabilities[j] = Math.exp(values[j] - max);
                sum += probabilities[j];
            }
            for (int j = from; j < to; j++) {
                probabilities[j] /= sum;
            }
        }
        Elements.write(probabilities, scores);
    }

    static void causalBackward(Tensor probabilities, @Nullable Tensor scores, AttentionShape shape, Tensor gradients) {
        int rows = gradients.length(1);
        double[] p = Elements.read(probabilities);
        double[] dp = Elements.read(gradients);
        double[] s = shape.softCap() == 0 || scores == null ? p : Elements.read(scores);
        double[] ds = new double[dp.length];
        for (int line = 0; line < gradients.size(0) * rows; line++) {
            int i = line % rows;
            int from = line * rows + firstVisible(i, shape);
            int to = line * rows + i + 1;
            double mean = 0;
            for (int j = from; j < to; j++) {
                mean += dp[j] * p[j];
            }
            for (int j = from; j < to; j++) {
                ds[j] = p[j] * (dp[j] - mean) * capDerivative(s[j], shape.softCap());
            }
        }
        Elements.write(ds, gradients);
    }

    static void crossEntropy(Tensor logits, Tensor labels, Tensor weights, double softCap, Tensor losses) {
        int vocabulary = logits.length(1);
        int[] label = Elements.readInts(labels);
        double[] weight = Elements.read(weights);
        double[] loss = new double[label.length];
        for (int row = 0; row < label.length; row++) {
            Tensor line = logits.select(0, row);
            if (weight[row] == 0) {
                Elements.write(new double[vocabulary], line);
                continue;
            }
            if (label[row] < 0 || label[row] >= vocabulary) {
                throw new IllegalArgumentException(
                        "labels[" + row + "]: expected 0 to " + (vocabulary - 1) + ", got " + label[row]);
            }
            double[] gradient = Elements.read(line);
            loss[row] = weight[row] * rowLoss(gradient, label[row], weight[row], softCap);
            Elements.write(gradient, line);
        }
        Elements.write(loss, losses);
    }

    /// −ln softmax(z)[label], and weight times its gradient in place of the logits.
    private static double rowLoss(double[] logits, int label, double weight, double softCap) {
        double[] z = new double[logits.length];
        for (int v = 0; v < z.length; v++) {
            z[v] = capped(logits[v], softCap);
        }
        double max = max(z, 0, z.length);
        double sum = 0;
        for (double value : z) {
            sum += Math.exp(value - max);
        }
        for (int v = 0; v < z.length; v++) {
            double p = Math.exp(z[v] - max) / sum;
            logits[v] = weight * (v == label ? p - 1 : p) * capDerivative(logits[v], softCap);
        }
        return Math.log(sum) + max - z[label];
    }

    static void sample(Tensor logits, double softCap, Tensor uniforms, Tensor labels) {
        double[] uniform = Elements.read(uniforms);
        int[] label = new int[uniform.length];
        for (int row = 0; row < label.length; row++) {
            label[row] = draw(Elements.read(logits.select(0, row)), softCap, uniform[row]);
        }
        Elements.writeInts(label, labels);
    }

    /// The first label whose cumulated probability exceeds the uniform number. When rounding leaves none, the last
    /// one that has any probability.
    private static int draw(double[] logits, double softCap, double uniform) {
        double[] mass = new double[logits.length];
        for (int v = 0; v < mass.length; v++) {
            mass[v] = capped(logits[v], softCap);
        }
        double max = max(mass, 0, mass.length);
        double sum = 0;
        for (int v = 0; v < mass.length; v++) {
            mass[v] = Math.exp(mass[v] - max);
            sum += mass[v];
        }
        double cumulated = 0;
        int lastPossible = 0;
        for (int v = 0; v < mass.length; v++) {
            cumulated += mass[v];
            if (cumulated > uniform * sum) {
                return v;
            }
            lastPossible = mass[v] > 0 ? v : lastPossible;
        }
        return lastPossible;
    }

    private static int firstVisible(int row, AttentionShape shape) {
        return shape.window() == 0 ? 0 : Math.max(0, row - shape.window() + 1);
    }

    private static double capped(double score, double softCap) {
        return softCap == 0 ? score : softCap * Math.tanh(score / softCap);
    }

    private static double capDerivative(double score, double softCap) {
        if (softCap == 0) {
            return 1;
        }
        double t = Math.tanh(score / softCap);
        return 1 - t * t;
    }

    private static double max(double[] values, int from, int to) {
        double max = Double.NEGATIVE_INFINITY;
        for (int j = from; j < to; j++) {
            max = Math.max(max, values[j]);
        }
        return max;
    }
}
