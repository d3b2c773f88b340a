package dev.wellspring.linalg.nd4j;

import dev.wellspring.linalg.NormKind;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Layer norm and RMS norm, row by row.
final class Norms {
    private final Blocks blocks;

    Norms(Blocks blocks) {
        this.blocks = blocks;
    }

    void forward(
            NormKind kind,
            double epsilon,
            Tensor x,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            Tensor y,
            Tensor statistics) {
        int n = x.length(x.rank() - 1);
        double[][] weights = weights(weight, n);
        double[] shift = bias == null ? new double[n] : row(bias, n);
        Rows in = Rows.of(x);
        Rows out = Rows.of(y);
        Rows moments = Rows.of(statistics);
        blocks.spread(in.count(), x.elementCount(), (from, to) -> {
            double[] values = new double[n];
            for (long row = from; row < to; row++) {
                in.load(row, 0, values, n);
                double mean = kind == NormKind.LAYER_NORM ? mean(values, n) : 0;
                double[] factors = weights[(int) (row % weights.length)];
                for (int i = 0; i < n; i++) {
                    values[i] -= mean;
                }
                double square = n == 0 ? 0 : Sums.dot(values, values, n) / n;
                double inverse = 1 / Math.sqrt(square + epsilon);
                for (int i = 0; i < n; i++) {
                    values[i] = values[i] * inverse * factors[i] + shift[i];
                }
                out.store(row, 0, values, n);
                moments.store(row, 0, new double[] {mean, inverse}, 2);
            }
        });
    }

    /// With x̂ = (x − mean)·inverse and h = dy·weight: dx = inverse·(h − mean(h) − x̂·mean(h·x̂)), for RMS without
    /// mean(h).
    void backward(
            NormKind kind, Tensor dy, Tensor x, @Nullable Tensor weight, Tensor statistics, double beta, Tensor dx) {
        int n = x.length(x.rank() - 1);
        double[][] weights = weights(weight, n);
        Rows in = Rows.of(x);
        Rows gradients = Rows.of(dy);
        Rows out = Rows.of(dx);
        Rows moments = Rows.of(statistics);
        blocks.spread(in.count(), x.elementCount(), (from, to) -> {
            double[] normalised = new double[n];
            double[] h = new double[n];
            double[] old = new double[n];
            double[] moment = new double[2];
            for (long row = from; row < to; row++) {
                in.load(row, 0, normalised, n);
                gradients.load(row, 0, h, n);
                moments.load(row, 0, moment, 2);
                double[] factors = weights[(int) (row % weights.length)];
                double mean = moment[0];
                double inverse = moment[1];
                for (int i = 0; i < n; i++) {
                    normalised[i] = (normalised[i] - mean) * inverse;
                    h[i] *= factors[i];
                }
                double alongX = n == 0 ? 0 : Sums.dot(h, normalised, n) / n;
                double alongOnes = kind == NormKind.LAYER_NORM ? mean(h, n) : 0;
                Elements.startFrom(beta, out, row, 0, old, n);
                for (int i = 0; i < n; i++) {
                    old[i] += inverse * (h[i] - alongOnes - normalised[i] * alongX);
                }
                out.store(row, 0, old, n);
            }
        });
    }

    /// One row of weights for all rows, or one for each head.
    private static double[][] weights(@Nullable Tensor weight, int n) {
        if (weight == null) {
            double[] ones = new double[n];
            Arrays.fill(ones, 1);
            return new double[][] {ones};
        }
        if (weight.rank() == 1) {
            return new double[][] {row(weight, n)};
        }
        double[][] heads = new double[weight.length(0)][];
        for (int head = 0; head < heads.length; head++) {
            heads[head] = row(weight.select(0, head), n);
        }
        return heads;
    }

    private static double[] row(Tensor tensor, int n) {
        double[] values = new double[n];
        Rows.of(tensor).load(0, 0, values, n);
        return values;
    }

    private static double mean(double[] values, int n) {
        return n == 0 ? 0 : Sums.sum(values, n) / n;
    }
}
