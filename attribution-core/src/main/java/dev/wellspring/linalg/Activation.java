package dev.wellspring.linalg;

/// The non-linearities of the supported decoders, f(x).
public enum Activation {
    /// x·σ(x), also called swish.
    SILU,
    /// x·Φ(x) with the exact normal distribution function: ½x(1 + erf(x/√2)).
    GELU,
    /// ½x(1 + tanh(√(2/π)(x + 0.044715x³))), called gelu_new and gelu_pytorch_tanh elsewhere.
    GELU_TANH,
    /// max(x, 0).
    RELU;

    private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715;

    /// f(x) in float64.
    public double value(double x) {
        return switch (this) {
            case SILU -> x * sigmoid(x);
            case GELU -> x * normalDistribution(x);
            case GELU_TANH -> x / 2 * (1 + Math.tanh(SQRT_2_OVER_PI * (x + CUBIC * x * x * x)));
            case RELU -> Math.max(x, 0);
        };
    }

    /// f′(x) in float64; 0 for [#RELU] at 0.
    public double derivative(double x) {
        return switch (this) {
            case SILU -> sigmoid(x) * (1 + x * sigmoid(-x));
            case GELU -> normalDistribution(x) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            case GELU_TANH -> {
                double t = Math.tanh(SQRT_2_OVER_PI * (x + CUBIC * x * x * x));
                yield (1 + t) / 2 + x / 2 * (1 - t * t) * SQRT_2_OVER_PI * (1 + 3 * CUBIC * x * x);
            }
            case RELU -> x > 0 ? 1 : 0;
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double normalDistribution(double x) {
        return (1 + ErrorFunction.erf(x / Math.sqrt(2))) / 2;
    }
}
