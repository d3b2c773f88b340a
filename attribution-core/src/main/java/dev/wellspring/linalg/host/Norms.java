package dev.wellspring.linalg.host;

import dev.wellspring.linalg.NormKind;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Layer norm and RMS norm, row by row.
final class Norms {
    /// Columns whose sums over the rows are made together.
    private static final int COLUMNS = 64;

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

    /// One block of columns at a time: its rows add up in their order.
    void weightBackward(Tensor dy, Tensor x, Tensor statistics, Tensor dweight, @Nullable Tensor dbias) {
        int n = x.length(x.rank() - 1);
        int kinds = dweight.rank() == 1 ? 1 : dweight.length(0);
        Rows in = Rows.of(x);
        Rows gradients = Rows.of(dy);
        Rows moments = Rows.of(statistics);
        Rows weightSums = Rows.of(dweight);
        Rows biasSums = dbias == null ? null : Rows.of(dbias);
        blocks.spread(Math.ceilDiv(n, COLUMNS), x.elementCount(), (from, to) -> {
            double[] values = new double[COLUMNS];
            double[] slopes = new double[COLUMNS];
            double[] moment = new double[2];
            for (long block = from; block < to; block++) {
                long column = block * COLUMNS;
                int width = (int) Math.min(COLUMNS, n - column);
                double[][] weights = new double[kinds][width];
                double[] biases = new double[width];
                for (int kind = 0; kind < kinds; kind++) {
                    weightSums.load(kind, column, weights[kind], width);
                }
                if (biasSums != null) {
                    biasSums.load(0, column, biases, width);
                }
                for (long row = 0; row < in.count(); row++) {
                    in.load(row, column, values, width);
                    gradients.load(row, column, slopes, width);
                    moments.load(row, 0, moment, 2);
                    addRow(values, slopes, moment[0], moment[1], weights[(int) (row % kinds)], biases, width);
                }
                for (int kind = 0; kind < kinds; kind++) {
                    weightSums.store(kind, column, weights[kind], width);
                }
                if (biasSums != null) {
                    biasSums.store(0, column, biases, width);
                }
            }
        });
    }

    private static void addRow(
            double[] x, double[] dy, double mean, double inverse, double[] weights, double[] biases, int n) {
        for (int i = 0; i < n; i++) {
            weights[i] += dy[i] * ((x[i] - mean) * inverse);
            biases[i] += dy[i];
        }
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
