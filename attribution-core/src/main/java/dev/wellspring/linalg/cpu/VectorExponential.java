package dev.wellspring.linalg.cpu;

import static dev.wellspring.linalg.cpu.Vectors.all;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// exp of L floats, to 1.6 units of the last place (of the smallest number, where the result is below 2⁻¹²⁶).
///
/// exp(x) = 2²ʰ·exp(t) with h = round(x/(2·ln 2)) and |t| ≤ ln 2. Powers of four instead of two make the
/// polynomial one degree longer, and let one factor 2ʰ, used twice, reach every result from 2⁻¹⁵¹ to beyond
/// the largest float: the first product is exact, and the second rounds once, into subnormal numbers, zero or
/// infinity as it has to.
final class VectorExponential {
    /// At and below this the result is 0; at and above the other it is infinite.
    private static final FloatVector LOWEST = all(-105);

    private static final FloatVector HIGHEST = all(89);

    private static final FloatVector INVERSE_TWICE_LN2 = all(0.7213475f);
    private static final FloatVector MINUS_TWICE_LN2_HIGH = all(-0x1.62e43p0f);
    private static final FloatVector MINUS_TWICE_LN2_LOW = all(0x1.05c61p-28f);

    /// 1.5·2²³ + 127: added to a number it leaves h in the lowest bits, where the exponent's bias is 127.
    private static final FloatVector ROUNDING = all(0x1.8p23f + 127);

    private static final int FRACTION_BITS = 23;

    /// exp(t) ≈ 1 + t + C2·t² + … + C7·t⁷ to 1.5e-8 of its value for |t| ≤ ln 2: the polynomial of least
    /// relative error, each coefficient fitted after those below it were rounded.
    private static final FloatVector C2 = all(0x1.00000cp-1f);

    private static final FloatVector C3 = all(0x1.555514p-3f);
    private static final FloatVector C4 = all(0x1.5549eep-5f);
    private static final FloatVector C5 = all(0x1.1126e4p-7f);
    private static final FloatVector C6 = all(0x1.71bf9p-10f);
    private static final FloatVector C7 = all(0x1.9baa6ap-13f);

    private static final FloatVector ONE = all(1);

    private VectorExponential() {}

    /// exp(x): 0 for −∞, ∞ from 88.73 on, NaN for NaN.
    static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.blend(LOWEST, x.lt(LOWEST));
        bounded = bounded.blend(HIGHEST, bounded.compare(VectorOperators.GT, HIGHEST));
        FloatVector shifted = bounded.fma(INVERSE_TWICE_LN2, ROUNDING);
        FloatVector h = shifted.sub(ROUNDING);
        FloatVector t = h.fma(MINUS_TWICE_LN2_HIGH, bounded);
        t = h.fma(MINUS_TWICE_LN2_LOW, t);
        FloatVector p = t.fma(C7, C6);
        p = p.fma(t, C5);
        p = p.fma(t, C4);
        p = p.fma(t, C3);
        p = p.fma(t, C2);
        p = p.fma(t, ONE);
        p = p.fma(t, ONE);
        FloatVector factor =
                shifted.reinterpretAsInts().lanewise(LSHL, FRACTION_BITS).reinterpretAsFloats();
        return p.mul(factor).mul(factor);
    }
}
