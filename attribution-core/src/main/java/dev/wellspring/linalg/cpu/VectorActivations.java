package dev.wellspring.linalg.cpu;

import static dev.wellspring.linalg.cpu.VectorExponential.exp;
import static dev.wellspring.linalg.cpu.Vectors.LANES;
import static dev.wellspring.linalg.cpu.Vectors.all;
import static dev.wellspring.linalg.cpu.Vectors.first;
import static dev.wellspring.linalg.cpu.Vectors.load;
import static dev.wellspring.linalg.cpu.Vectors.store;

import dev.wellspring.linalg.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// The non-linearities in FLOAT32 over n numbers at an address. Each needs one exponential, of a number that
/// is not positive, so nothing overflows: with e = exp(−|z|) and r = 1/(1 + e), the logistic function σ(z) is
/// r for z ≥ 0 and e·r below, and σ(z)·σ(−z) = e·r².
///
/// A method for each, forward alone and with its derivative: a shared one would ask in its innermost loop.
final class VectorActivations {
    private static final FloatVector TWICE_SQRT_2_OVER_PI = all((float) (2 * Math.sqrt(2 / Math.PI)));
    private static final FloatVector CUBIC = all((float) (2 * Math.sqrt(2 / Math.PI) * 0.044715));
    private static final FloatVector THREE_CUBIC = all((float) (6 * Math.sqrt(2 / Math.PI) * 0.044715));
    private static final FloatVector INVERSE_SQRT_2_PI = all((float) (1 / Math.sqrt(2 * Math.PI)));

    /// Φ(−y) = exp(−y²/2)·(P0 + P1·t + … + P9·t⁹) with t = (y − 3)/(y + 3), for 0 ≤ y ≤ 14.5, beyond which the
    /// exponential is 0: to 1.1e-8 of its value before rounding, fitted like [VectorExponential]'s.
    private static final FloatVector CENTRE = all(3);

    private static final FloatVector P0 = all(0.12151395f);
    private static final FloatVector P1 = all(-0.20640261f);
    private static final FloatVector P2 = all(0.12322502f);
    private static final FloatVector P3 = all(-0.046213336f);
    private static final FloatVector P4 = all(0.0061321496f);
    private static final FloatVector P5 = all(0.0029047057f);
    private static final FloatVector P6 = all(-0.0009838867f);
    private static final FloatVector P7 = all(-0.0003396623f);
    private static final FloatVector P8 = all(0.000115563904f);
    private static final FloatVector P9 = all(5.3696313e-05f);

    private static final FloatVector TWICE_CENTRE = all(6);
    private static final FloatVector ONE = all(1);

    private VectorActivations() {}

    /// y = f(x); y may be x.
    static void value(Activation f, long x, long y, int n) {
        switch (f) {
            case SILU -> silu(x, y, n);
            case GELU -> gelu(x, y, n);
            case GELU_TANH -> geluTanh(x, y, n);
            case RELU -> relu(x, y, n);
        }
    }

    /// values = f(x) and slopes = f′(x), with room for whole registers.
    static void both(Activation f, long x, float[] values, float[] slopes, int n) {
        switch (f) {
            case SILU -> siluAndSlope(x, values, slopes, n);
            case GELU -> geluAndSlope(x, values, slopes, n);
            case GELU_TANH -> geluTanhAndSlope(x, values, slopes, n);
            case RELU -> reluAndSlope(x, values, slopes, n);
        }
    }

    // ---- f(x) ----

    private static void silu(long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector v = load(x + 4L * i);
            store(timesLogistic(v, v), y + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            FloatVector v = load(x + 4L * i, rest);
            store(timesLogistic(v, v), y + 4L * i, rest);
        }
    }

    private static void geluTanh(long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector v = load(x + 4L * i);
            store(timesLogistic(v, tanhArgument(v)), y + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            FloatVector v = load(x + 4L * i, rest);
            store(timesLogistic(v, tanhArgument(v)), y + 4L * i, rest);
        }
    }

    private static void gelu(long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector v = load(x + 4L * i);
            store(v.mul(normal(v, exp(v.mul(v).mul(-0.5f)))), y + 4L * i);
        }
        if (i < n) {
            geluOfRest(x + 4L * i, y + 4L * i, n - i);
        }
    }

    /// Apart, so that the loop stays well below the number of nodes up to which C2 inlines.
    private static void geluOfRest(long x, long y, int n) {
        VectorMask<Float> rest = first(n);
        FloatVector v = load(x, rest);
        store(v.mul(normal(v, exp(v.mul(v).mul(-0.5f)))), y, rest);
    }

    private static void relu(long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(x + 4L * i).max(0f), y + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            store(load(x + 4L * i, rest).max(0f), y + 4L * i, rest);
        }
    }

    // ---- f(x) and f′(x); what is written behind the end means nothing ----

    private static void siluAndSlope(long x, float[] values, float[] slopes, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            siluAndSlope(load(x + 4L * i), values, slopes, i);
        }
        if (i < n) {
            siluAndSlope(load(x + 4L * i, first(n - i)), values, slopes, i);
        }
    }

    /// f′(x) = σ + x·σ(x)·σ(−x).
    private static void siluAndSlope(FloatVector v, float[] values, float[] slopes, int i) {
        FloatVector e = exp(v.abs().neg());
        FloatVector r = ONE.div(e.add(1));
        FloatVector sigmoid = r.blend(e.mul(r), v.lt(0f));
        v.mul(sigmoid).intoArray(values, i);
        v.fma(e.mul(r).mul(r), sigmoid).intoArray(slopes, i);
    }

    private static void geluTanhAndSlope(long x, float[] values, float[] slopes, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            geluTanhAndSlope(load(x + 4L * i), values, slopes, i);
        }
        if (i < n) {
            geluTanhAndSlope(load(x + 4L * i, first(n - i)), values, slopes, i);
        }
    }

    /// f′(x) = σ(z) + x·z′·σ(z)·σ(−z), without its last term where the exponential is 0 and z′ may be
    /// infinite.
    private static void geluTanhAndSlope(FloatVector v, float[] values, float[] slopes, int i) {
        FloatVector z = tanhArgument(v);
        FloatVector e = exp(z.abs().neg());
        FloatVector r = ONE.div(e.add(1));
        FloatVector sigmoid = r.blend(e.mul(r), z.lt(0f));
        v.mul(sigmoid).intoArray(values, i);
        FloatVector slope = v.mul(v).fma(THREE_CUBIC, TWICE_SQRT_2_OVER_PI);
        FloatVector term = v.mul(slope).mul(e.mul(r).mul(r));
        term.blend(0f, e.eq(0f)).add(sigmoid).intoArray(slopes, i);
    }

    private static void geluAndSlope(long x, float[] values, float[] slopes, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            geluAndSlope(load(x + 4L * i), values, slopes, i);
        }
        if (i < n) {
            geluAndSlopeOfRest(x, values, slopes, i, n);
        }
    }

    private static void geluAndSlopeOfRest(long x, float[] values, float[] slopes, int i, int n) {
        geluAndSlope(load(x + 4L * i, first(n - i)), values, slopes, i);
    }

    /// f′(x) = Φ(x) + x·exp(−x²/2)/√(2π).
    private static void geluAndSlope(FloatVector v, float[] values, float[] slopes, int i) {
        FloatVector e = exp(v.mul(v).mul(-0.5f));
        FloatVector distribution = normal(v, e);
        v.mul(distribution).intoArray(values, i);
        v.mul(e).fma(INVERSE_SQRT_2_PI, distribution).intoArray(slopes, i);
    }

    private static void reluAndSlope(long x, float[] values, float[] slopes, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            reluAndSlope(load(x + 4L * i), values, slopes, i);
        }
        if (i < n) {
            reluAndSlope(load(x + 4L * i, first(n - i)), values, slopes, i);
        }
    }

    /// f′(0) = 0.
    private static void reluAndSlope(FloatVector v, float[] values, float[] slopes, int i) {
        v.max(0f).intoArray(values, i);
        all(0).blend(1f, v.compare(VectorOperators.GT, 0f)).intoArray(slopes, i);
    }

    // ---- what they are made of ----

    /// v·σ(z).
    private static FloatVector timesLogistic(FloatVector v, FloatVector z) {
        FloatVector e = exp(z.abs().neg());
        FloatVector r = ONE.div(e.add(1));
        return v.mul(r.blend(e.mul(r), z.lt(0f)));
    }

    /// z = 2u with ½(1 + tanh u) = σ(2u).
    private static FloatVector tanhArgument(FloatVector v) {
        return v.mul(v.mul(v).fma(CUBIC, TWICE_SQRT_2_OVER_PI));
    }

    /// Φ(v), from e = exp(−v²/2).
    private static FloatVector normal(FloatVector v, FloatVector e) {
        FloatVector t = ONE.sub(TWICE_CENTRE.div(v.abs().add(CENTRE)));
        FloatVector p = t.fma(P9, P8);
        p = p.fma(t, P7);
        p = p.fma(t, P6);
        p = p.fma(t, P5);
        p = p.fma(t, P4);
        p = p.fma(t, P3);
        p = p.fma(t, P2);
        p = p.fma(t, P1);
        p = p.fma(t, P0);
        FloatVector beyond = e.mul(p);
        return ONE.sub(beyond).blend(beyond, v.lt(0f));
    }
}
