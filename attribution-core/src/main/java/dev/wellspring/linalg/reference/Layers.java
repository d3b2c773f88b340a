package dev.wellspring.linalg.reference;

import dev.wellspring.linalg.Activation;
import dev.wellspring.linalg.NormKind;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The layers of a decoder other than attention, forward and backward.
final class Layers {
    private Layers() {}

    /// y = (x − mean)·inverse·weight + bias for each row along the last axis.
    static void normForward(
            NormKind kind,
            double epsilon,
            Tensor x,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            Tensor y,
            Tensor statistics) {
        int n = x.length(x.rank() - 1);
        double[] values = Elements.read(x);
        double[] weights = orOnes(weight, n);
        double[] biases = bias == null ? new double[n] : Elements.read(bias);
        double[] moments = new double[Math.toIntExact(statistics.elementCount())];
        for (int row = 0; row < moments.length / 2; row++) {
            int start = row * n;
            double mean = kind == NormKind.LAYER_NORM ? mean(values, start, n) : 0;
            double inverse = 1 / Math.sqrt(meanSquare(values, start, n, mean) + epsilon);
            for (int j = 0; j < n; j++) {
                double normalised = (values[start + j] - mean) * inverse;
                values[start + j] = normalised * weights[(start + j) % weights.length] + biases[j];
            }
            moments[2 * row] = mean;
            moments[2 * row + 1] = inverse;
        }
        Elements.write(values, y);
        Elements.write(moments, statistics);
    }

    /// With x̂ = (x − mean)·inverse and h = dy·weight: dx = inverse·(h − mean(h) − x̂·mean(h·x̂)); without
    /// mean(h) for RMS.
    static void normBackward(
            NormKind kind, Tensor dy, Tensor x, @Nullable Tensor weight, Tensor statistics, double beta, Tensor dx) {
        int n = x.length(x.rank() - 1);
        double[] values = Elements.read(x);
        double[] h = Elements.read(dy);
        double[] weights = orOnes(weight, n);
        double[] moments = Elements.read(statistics);
        double[] gradients = Elements.readScaled(beta, dx);
        for (int row = 0; row < moments.length / 2; row++) {
            double mean = moments[2 * row];
            double inverse = moments[2 * row + 1];
            int start = row * n;
            double alongX = 0;
            for (int i = start; i < start + n; i++) {
                values[i] = (values[i] - mean) * inverse;
                h[i] *= weights[i % weights.length];
                alongX += h[i] * values[i] / n;
            }
            double alongOnes = kind == NormKind.LAYER_NORM ? mean(h, start, n) : 0;
            for (int i = start; i < start + n; i++) {
                gradients[i] += inverse * (h[i] - alongOnes - values[i] * alongX);
            }
        }
        Elements.write(gradients, dx);
    }

    /// dweight += Σ dy·x̂ and dbias += Σ dy, row after row.
    static void normWeightBackward(Tensor dy, Tensor x, Tensor statistics, Tensor dweight, @Nullable Tensor dbias) {
        int n = x.length(x.rank() - 1);
        double[] values = Elements.read(x);
        double[] gradients = Elements.read(dy);
        double[] moments = Elements.read(statistics);
        double[] weights = Elements.read(dweight);
        double[] biases = dbias == null ? new double[n] : Elements.read(dbias);
        for (int i = 0; i < values.length; i++) {
            int row = i / n;
            double normalised = (values[i] - moments[2 * row]) * moments[2 * row + 1];
            weights[i % weights.length] += gradients[i] * normalised;
            biases[i % n] += gradients[i];
        }
        Elements.write(weights, dweight);
        if (dbias != null) {
            Elements.write(biases, dbias);
        }
    }

    static void activationForward(Activation f, Tensor x, Tensor y) {
        double[] values = Elements.read(x);
        for (int i = 0; i < values.length; i++) {
            values[i] = f.value(values[i]);
        }
        Elements.write(values, y);
    }

    static void activationBackward(Activation f, Tensor x, Tensor dy, Tensor dx) {
        double[] values = Elements.read(x);
        double[] gradients = Elements.read(dy);
        for (int i = 0; i < values.length; i++) {
            gradients[i] *= f.derivative(values[i]);
        }
        Elements.write(gradients, dx);
    }

    static void gatedForward(Activation f, Tensor gate, Tensor up, Tensor y) {
        double[] gates = Elements.read(gate);
        double[] ups = Elements.read(up);
        for (int i = 0; i < gates.length; i++) {
            gates[i] = f.value(gates[i]) * ups[i];
        }
        Elements.write(gates, y);
    }

    static void gatedBackward(Activation f, Tensor gate, Tensor up, Tensor dy, Tensor dgate, Tensor dup) {
        double[] gates = Elements.read(gate);
        double[] ups = Elements.read(up);
        double[] gradients = Elements.read(dy);
        for (int i = 0; i < gates.length; i++) {
            double x = gates[i];
            gates[i] = gradients[i] * ups[i] * f.derivative(x);
            ups[i] = gradients[i] * f.value(x);
        }
        Elements.write(gates, dgate);
        Elements.write(ups, dup);
    }

    /// (x₁, x₂) becomes (x₁cos − x₂sin, x₂cos + x₁sin); the inverse turns the other way.
    static void rotary(Tensor x, Tensor cosines, Tensor sines, Tensor positions, boolean interleaved, boolean inverse) {
        int heads = x.length(1);
        int d = x.length(2);
        int m = cosines.length(1);
        double[] values = Elements.read(x);
        double[] cosine = Elements.read(cosines);
        double[] sine = Elements.read(sines);
        int[] position = Elements.readInts(positions);
        for (int row = 0; row < position.length; row++) {
            requirePosition(position[row], row, cosines.size(0));
            for (int start = row * heads * d; start < (row + 1) * heads * d; start += d) {
                for (int j = 0; j < m; j++) {
                    int first = start + (interleaved ? 2 * j : j);
                    int second = interleaved ? first + 1 : first + m;
                    double cos = cosine[position[row] * m + j];
                    double sin = inverse ? -sine[position[row] * m + j] : sine[position[row] * m + j];
                    double x1 = values[first];
                    double x2 = values[second];
                    values[first] = x1 * cos - x2 * sin;
                    values[second] = x2 * cos + x1 * sin;
                }
            }
        }
        Elements.write(values, x);
    }

    private static void requirePosition(int position, int row, long positions) {
        if (position < 0 || position >= positions) {
            throw new IllegalArgumentException(
                    "positions[" + row + "]: expected 0 to " + (positions - 1) + ", got " + position);
        }
    }

    private static double[] orOnes(@Nullable Tensor weight, int n) {
        if (weight != null) {
            return Elements.read(weight);
        }
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double mean(double[] values, int start, int n) {
        double sum = 0;
        for (int i = start; i < start + n; i++) {
            sum += values[i];
        }
        return n == 0 ? 0 : sum / n;
    }

    private static double meanSquare(double[] values, int start, int n, double center) {
        double sum = 0;
        for (int i = start; i < start + n; i++) {
            sum += (values[i] - center) * (values[i] - center);
        }
        return n == 0 ? 0 : sum / n;
    }
}
