package dev.wellspring.linalg;

/// The error function erf(x) = 2/√π ∫₀ˣ exp(−t²) dt in float64, to 5e-16 of its value.
///
/// W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of Computation 23 (1969),
/// pp. 631–637: one rational function each for |x| ≤ 0.46875, |x| ≤ 4 and beyond.
@SuppressWarnings("FloatingPointLiteralPrecision") // the coefficients stand as the paper prints them
public final class ErrorFunction {
    private static final double[] SMALL_TOP = {
        1.85777706184603153e-1,
        3.16112374387056560e0,
        1.13864154151050156e2,
        3.77485237685302021e2,
        3.20937758913846947e3
    };
    private static final double[] SMALL_BOTTOM = {
        1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3
    };
    private static final double[] MIDDLE_TOP = {
        2.15311535474403846e-8,
        5.64188496988670089e-1,
        8.88314979438837594e0,
        6.61191906371416295e1,
        2.98635138197400131e2,
        8.81952221241769090e2,
        1.71204761263407058e3,
        2.05107837782607147e3,
        1.23033935479799725e3
    };
    private static final double[] MIDDLE_BOTTOM = {
        1,
        1.57449261107098347e1,
        1.17693950891312499e2,
        5.37181101862009858e2,
        1.62138957456669019e3,
        3.29079923573345963e3,
        4.36261909014324716e3,
        3.43936767414372164e3,
        1.23033935480374942e3
    };
    private static final double[] LARGE_TOP = {
        1.63153871373020978e-2,
        3.05326634961232344e-1,
        3.60344899949804439e-1,
        1.25781726111229246e-1,
        1.60837851487422766e-2,
        6.58749161529837803e-4
    };
    private static final double[] LARGE_BOTTOM = {
        1,
        2.56852019228982242e0,
        1.87295284992346725e0,
        5.27905102951428412e-1,
        6.05183413124413191e-2,
        2.33520497626869185e-3
    };

    private ErrorFunction() {}

    /// erf(x); odd, and exactly ±1 for large |x|; NaN for NaN.
    public static double erf(double x) {
        double y = Math.abs(x);
        if (y <= 0.46875) {
            return x * ratio(SMALL_TOP, SMALL_BOTTOM, y * y);
        }
        if (y > 6) {
            return Math.signum(x);
        }
        return Math.copySign(1 - complement(y), x);
    }

    /// erfc(y) = exp(−y²)·r(y) for y > 0.46875, with y² split in two so that the exponent loses no digits.
    private static double complement(double y) {
        double r;
        if (y <= 4) {
            r = ratio(MIDDLE_TOP, MIDDLE_BOTTOM, y);
        } else {
            double t = 1 / (y * y);
            r = (1 / Math.sqrt(Math.PI) - t * ratio(LARGE_TOP, LARGE_BOTTOM, t)) / y;
        }
        double coarse = Math.floor(y * 16) / 16;
        return Math.exp(-coarse * coarse) * Math.exp(-(y - coarse) * (y + coarse)) * r;
    }

    private static double ratio(double[] top, double[] bottom, double t) {
        return polynomial(top, t) / polynomial(bottom, t);
    }

    /// Horner's rule, highest power first.
    private static double polynomial(double[] coefficients, double t) {
        double sum = 0;
        for (double coefficient : coefficients) {
            sum = sum * t + coefficient;
        }
        return sum;
    }
}
