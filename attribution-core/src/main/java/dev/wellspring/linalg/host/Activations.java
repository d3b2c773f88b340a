package dev.wellspring.linalg.host;

import dev.wellspring.linalg.Activation;

/// The non-linearities over arrays. SILU and the tanh form of GELU need one exponential an element:
/// ½(1 + tanh u) = σ(2u), so with σ(z) = 1/(1 + e⁻ᶻ) both are x·σ(z), z = x or 2u. The exact GELU needs one as well,
/// see [#gelu]. One worker at a time uses an instance.
final class Activations {
    private static final double TWICE_SQRT_2_OVER_PI = 2 * Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715;

    /// P of degree 24 with erfc(y) = e^(−y²)·P((y − 3.75)/(y + 3.75)) for y ≥ 0 to 4e-16 of its value, highest power
    /// first: the Chebyshev expansion of J. L. Schonfelder, "Chebyshev expansions for the error and related
    /// functions", Mathematics of Computation 32 (1978), computed in 60 digits and written out in powers.
    private static final double[] TAIL = {
        -4.9497206900937664e-11,
        8.766027346984166e-11,
        6.297962469182304e-10,
        -1.0759105395292883e-09,
        -4.84566988844704e-09,
        8.792652547271408e-09,
        3.1441031864543034e-08,
        -7.22356558583333e-08,
        -1.8338069950855423e-07,
        6.591891962723238e-07,
        7.485416857400643e-07,
        -6.183306559694181e-06,
        3.5837149798414534e-06,
        4.789874061256997e-05,
        -0.00015246266466585536,
        -2.553532252306776e-05,
        0.00180296241673598,
        -0.008220621155217439,
        0.024143223972444578,
        -0.05480232669490219,
        0.10260431203219823,
        -0.16357189552392642,
        0.22600806691662143,
        -0.2734219314954265,
        0.14558972127503855
    };

    private static final double TAIL_CENTRE = 3.75;
    private static final double INVERSE_SQRT_2 = Math.sqrt(0.5);
    private static final double INVERSE_SQRT_2_PI = 1 / Math.sqrt(2 * Math.PI);

    private final Activation f;
    private final Exponential exponential;
    private final double[] e;
    private final double[] t;
    private final double[] tail;

    /// @param capacity the largest number of elements of a call
    Activations(Activation f, int capacity) {
        this.f = f;
        this.exponential = new Exponential(capacity);
        this.e = new double[capacity];
        this.t = new double[capacity];
        this.tail = new double[capacity];
    }

    /// values = f(x), and derivatives = f′(x), for the first n elements.
    void apply(double[] x, double[] values, double[] derivatives, int n) {
        switch (f) {
            case SILU -> silu(x, values, derivatives, n);
            case GELU_TANH -> geluTanh(x, values, derivatives, n);
            case GELU -> gelu(x, values, derivatives, n);
            case RELU -> {
                for (int i = 0; i < n; i++) {
                    values[i] = Math.max(x[i], 0);
                    derivatives[i] = Math.max(Math.signum(x[i]), 0);
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

    /// x·Φ(x) with Φ(−y√2) = ½erfc(y) = ½e^(−y²)·P(t); f′(x) = Φ(x) + x·e^(−x²/2)/√(2π).
    private void gelu(double[] x, double[] values, double[] derivatives, int n) {
        for (int i = 0; i < n; i++) {
            double y = Math.abs(x[i]) * INVERSE_SQRT_2;
            e[i] = -(x[i] * x[i]) / 2;
            t[i] = (y - TAIL_CENTRE) / (y + TAIL_CENTRE);
            tail[i] = 0;
        }
        exponential.apply(e, n);
        for (double coefficient : TAIL) {
            timesPlus(tail, t, coefficient, n);
        }
        for (int i = 0; i < n; i++) {
            double beyond = e[i] * tail[i] / 2;
            // beyond for x < 0, 1 − beyond for x > 0, without a branch that no processor could predict.
            double distribution = 0.5 + Math.copySign(0.5, x[i]) - Math.copySign(beyond, x[i]);
            values[i] = x[i] * distribution;
            derivatives[i] = distribution + x[i] * e[i] * INVERSE_SQRT_2_PI;
        }
    }

    /// p = p·t + coefficient: one step of Horner's rule for many t at once.
    private static void timesPlus(double[] p, double[] t, double coefficient, int n) {
        for (int i = 0; i < n; i++) {
            p[i] = Math.fma(p[i], t[i], coefficient);
        }
    }
}
