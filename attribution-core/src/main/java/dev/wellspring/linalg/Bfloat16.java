package dev.wellspring.linalg;

/// Conversions between [dev.wellspring.tensor.DType#BFLOAT16] and Java's numbers.
public final class Bfloat16 {
    private static final short NAN = 0x7fc0;

    private Bfloat16() {}

    /// The value of 16 stored bits, exactly.
    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /// The nearest bfloat16, ties to even; beyond the largest finite value an infinity.
    public static short fromFloat(float value) {
        if (Float.isNaN(value)) {
            return NAN;
        }
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    /// The nearest bfloat16, rounded once. On the way through float the last bit remembers that something was cut
    /// off (rounding to odd), so that no false tie arises.
    public static short fromDouble(double value) {
        float nearest = (float) value;
        if (Double.isNaN(value) || nearest == value) {
            return fromFloat(nearest);
        }
        int bits = Float.floatToRawIntBits(nearest);
        int truncated = Math.abs((double) nearest) > Math.abs(value) ? bits - 1 : bits;
        return fromFloat(Float.intBitsToFloat(truncated | 1));
    }
}
