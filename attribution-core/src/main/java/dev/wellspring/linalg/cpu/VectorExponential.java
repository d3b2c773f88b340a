package dev.wellspring.linalg.cpu;

import static dev.wellspring.linalg.cpu.Vectors.all;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// exp of L floats, to 1.6 units in the last place (of the smallest number, where the result is below 2⁻¹²⁶).
///
/// exp(x) = 2²ʰ·exp(t) with h = round(x/(2·ln 2)) and |t| ≤ ln 2. Powers of four instead of two make the
/// polynomial one degree longer, and let one factor 2ʰ, used twice, reach every result from 2⁻¹⁵¹ to beyond
/// the largest float: the first product is exact, and the second rounds once, into subnormal numbers, zero or
/// infinity as it has to.
final class VectorExponential {
    /// At and below this the result is 0; at and above the other it is infinite.
    private static final float LOWEST = -105;

    private static final float HIGHEST = 89;

    private static final float INVERSE_TWICE_LN2 = 0.7213475f;
    private static final float TWICE_LN2_HIGH = 0x1.62e43p0f;
    private static final float TWICE_LN2_LOW = -0x1.05c61p-28f;

    /// 1.5·2²³ + 127: added to a number it leaves h in the lowest bits, where the exponent's bias is 127.
    private static final float ROUNDING = 0x1.8p23f + 127;

    private static final int FRACTION_BITS = 23;

    /// exp(t) ≈ 1 + t + C2·t² + … + C7·t⁷ to 1.5e-8 of its value for |t| ≤ ln 2: the polynomial of least
    /// relative error, each coefficient fitted after those below it were rounded.
    private static final float C2 = 0x1.00000cp-1f;

    private static final float C3 = 0x1.555514p-3f;
    private static final float C4 = 0x1.5549eep-5f;
    private static final float C5 = 0x1.1126e4p-7f;
    private static final float C6 = 0x1.71bf9p-10f;
    private static final float C7 = 0x1.9baa6ap-13f;

    private VectorExponential() {}

    /// exp(x): 0 for −∞, ∞ from 88.73 on, NaN for NaN.
    static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.blend(LOWEST, x.lt(LOWEST));
        bounded = bounded.blend(HIGHEST, bounded.compare(VectorOperators.GT, HIGHEST));
        FloatVector shifted = bounded.fma(all(INVERSE_TWICE_LN2), all(ROUNDING));
        FloatVector h = shifted.sub(ROUNDING);
        FloatVector t = h.fma(all(-TWICE_LN2_HIGH), bounded);
        t = h.fma(all(-TWICE_LN2_LOW), t);
        FloatVector p = t.fma(all(C7), all(C6));
        p = p.fma(t, all(C5));
        p = p.fma(t, all(C4));
        p = p.fma(t, all(C3));
        p = p.fma(t, all(C2));
        p = p.fma(t, all(1));
        p = p.fma(t, all(1));
        FloatVector factor =
                shifted.reinterpretAsInts().lanewise(LSHL, FRACTION_BITS).reinterpretAsFloats();
        return p.mul(factor).mul(factor);
    }
}
