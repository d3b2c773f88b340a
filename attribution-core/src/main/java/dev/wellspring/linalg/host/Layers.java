package dev.wellspring.linalg.host;

import dev.wellspring.linalg.Activation;
import dev.wellspring.tensor.Tensor;

/// Activations, gates and rotary embeddings.
final class Layers {
    private final Blocks blocks;

    Layers(Blocks blocks) {
        this.blocks = blocks;
    }

    void activationForward(Activation f, Tensor x, Tensor y) {
        map(new Tensor[] {x}, new Tensor[] {y}, f, (in, values, derivatives, out, n) -> {
            System.arraycopy(values, 0, out[0], 0, n);
        });
    }

    void activationBackward(Activation f, Tensor x, Tensor dy, Tensor dx) {
        map(new Tensor[] {x, dy}, new Tensor[] {dx}, f, (in, values, derivatives, out, n) -> {
            double[] gradient = in[1];
            double[] result = out[0];
            for (int i = 0; i < n; i++) {
                result[i] = gradient[i] * derivatives[i];
            }
        });
    }

    void gatedForward(Activation f, Tensor gate, Tensor up, Tensor y) {
        map(new Tensor[] {gate, up}, new Tensor[] {y}, f, (in, values, derivatives, out, n) -> {
            double[] factor = in[1];
            double[] result = out[0];
            for (int i = 0; i < n; i++) {
                result[i] = values[i] * factor[i];
            }
        });
    }

    void gatedBackward(Activation f, Tensor gate, Tensor up, Tensor dy, Tensor dgate, Tensor dup) {
        map(new Tensor[] {gate, up, dy}, new Tensor[] {dgate, dup}, f, (in, values, derivatives, out, n) -> {
            double[] factor = in[1];
            double[] gradient = in[2];
            double[] gateGradient = out[0];
            double[] upGradient = out[1];
            for (int i = 0; i < n; i++) {
                gateGradient[i] = gradient[i] * factor[i] * derivatives[i];
                upGradient[i] = gradient[i] * values[i];
            }
        });
    }

    /// A block after the non-linearity: values f(x) and derivatives f′(x) of the first input.
    @FunctionalInterface
    private interface Body {
        void accept(double[][] in, double[] values, double[] derivatives, double[][] out, int n);
    }

    private void map(Tensor[] inputs, Tensor[] outputs, Activation f, Body body) {
        if (outputs[0].elementCount() == 0) {
            return;
        }
        blocks.map(inputs, outputs, () -> {
            Activations activations = new Activations(f, Blocks.BLOCK);
            double[] values = new double[Blocks.BLOCK];
            double[] derivatives = new double[Blocks.BLOCK];
            return (in, out, n) -> {
                activations.apply(in[0], values, derivatives, n);
                body.accept(in, values, derivatives, out, n);
            };
        });
    }

    /// (x₁, x₂) becomes (x₁cos − x₂sin, x₂cos + x₁sin); the inverse turns the other way.
    void rotary(Tensor x, Tensor cosines, Tensor sines, Tensor positions, boolean interleaved, boolean inverse) {
        int heads = x.length(1);
        int d = x.length(2);
        int m = cosines.length(1);
        Rows rows = Rows.of(x);
        Rows cosine = Rows.of(cosines);
        Rows sine = Rows.of(sines);
        Rows position = Rows.of(positions);
        requirePositions(position, positions.size(0), cosines.size(0));
        int toSecond = interleaved ? 1 : m;
        int step = interleaved ? 2 : 1;
        double direction = inverse ? -1 : 1;
        blocks.spread(x.size(0), x.elementCount(), (from, to) -> {
            double[] cos = new double[m];
            double[] sin = new double[m];
            double[] values = new double[d];
            for (long row = from; row < to; row++) {
                int at = position.integer(0, row);
                cosine.load(at, 0, cos, m);
                sine.load(at, 0, sin, m);
                for (int head = 0; head < heads; head++) {
                    rows.load(row * heads + head, 0, values, d);
                    for (int j = 0; j < m; j++) {
                        double x1 = values[j * step];
                        double x2 = values[j * step + toSecond];
                        values[j * step] = x1 * cos[j] - direction * x2 * sin[j];
                        values[j * step + toSecond] = x2 * cos[j] + direction * x1 * sin[j];
                    }
                    rows.store(row * heads + head, 0, values, d);
                }
            }
        });
    }

    private static void requirePositions(Rows positions, long rows, long count) {
        for (long row = 0; row < rows; row++) {
            int position = positions.integer(0, row);
            if (position < 0 || position >= count) {
                throw new IllegalArgumentException(
                        "positions[" + row + "]: expected 0 to " + (count - 1) + ", got " + position);
            }
        }
    }
}
