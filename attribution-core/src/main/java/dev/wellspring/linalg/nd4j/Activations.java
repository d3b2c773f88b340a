package dev.wellspring.linalg.nd4j;

import dev.wellspring.linalg.Activation;

/// The non-linearities over arrays. SILU and the tanh form of GELU need one exponential an element:
/// ½(1 + tanh u) = σ(2u), so with σ(z) = 1/(1 + e⁻ᶻ) both are x·σ(z), z = x or 2u. One worker at a time uses an
/// instance.
final class Activations {
    private static final double TWICE_SQRT_2_OVER_PI = 2 * Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715;

    private final Activation f;
    private final Exponential exponential;
    private final double[] e;

    /// @param capacity the largest number of elements of a call
    Activations(Activation f, int capacity) {
        this.f = f;
        this.exponential = new Exponential(capacity);
        this.e = new double[capacity];
    }

    /// values = f(x), and derivatives = f′(x), for the first n elements.
    void apply(double[] x, double[] values, double[] derivatives, int n) {
        switch (f) {
            case SILU -> silu(x, values, derivatives, n);
            case GELU_TANH -> geluTanh(x, values, derivatives, n);
            case GELU, RELU -> {
                for (int i = 0; i < n; i++) {
                    values[i] = f.value(x[i]);
                    derivatives[i] = f.derivative(x[i]);
                }
            }
        }
    }

    /// f′(x) = σ + x·σ(1 − σ) with 1 − σ = e⁻ˣ·σ.
    private void silu(double[] x, double[] values, double[] derivatives, int n) {
        for (int i = 0; i < n; i++) {
            e[i] = -x[i];
        }
        exponential.apply(e, n);
        for (int i = 0; i < n; i++) {
            double sigmoid = 1 / (1 + e[i]);
            values[i] = x[i] * sigmoid;
            derivatives[i] = sigmoid * (1 + x[i] * (e[i] * sigmoid));
        }
    }

    /// f′(x) = σ + x·σ(1 − σ)·z′(x).
    private void geluTanh(double[] x, double[] values, double[] derivatives, int n) {
        for (int i = 0; i < n; i++) {
            e[i] = -TWICE_SQRT_2_OVER_PI * (x[i] + CUBIC * (x[i] * x[i] * x[i]));
        }
        exponential.apply(e, n);
        for (int i = 0; i < n; i++) {
            double sigmoid = 1 / (1 + e[i]);
            double slope = TWICE_SQRT_2_OVER_PI * (1 + 3 * CUBIC * (x[i] * x[i]));
            values[i] = x[i] * sigmoid;
            derivatives[i] = sigmoid * (1 + x[i] * slope * (e[i] * sigmoid));
        }
    }
}
