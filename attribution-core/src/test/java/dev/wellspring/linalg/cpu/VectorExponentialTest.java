package dev.wellspring.linalg.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class VectorExponentialTest {
    /// Floats from one to the next that is looked at: a prime, so that all last digits turn up.
    private static final int STEP = 1009;

    private static final double ULPS = 1.7;

    @Test
    void resultsAreWithinTwoUnitsOfTheLastPlaceOverTheWholeRange() {
        double worst = 0;
        float at = 0;
        float[] x = new float[Vectors.LANES];
        for (float limit : new float[] {120, -120}) {
            int bits = 0;
            int last = Float.floatToRawIntBits(Math.abs(limit));
            while (bits < last) {
                for (int lane = 0; lane < x.length; lane++, bits += STEP) {
                    x[lane] = Math.copySign(Float.intBitsToFloat(bits), limit);
                }
                float[] y = exp(x);
                for (int lane = 0; lane < x.length; lane++) {
                    double error = error(x[lane], y[lane]);
                    at = error > worst ? x[lane] : at;
                    worst = Math.max(worst, error);
                }
            }
        }
        assertThat(worst).as("units of the last place at %s", at).isLessThan(ULPS);
    }

    /// In units of the last place of the nearest float.
    private static double error(float x, float y) {
        double exact = StrictMath.exp(x);
        float nearest = (float) exact;
        if (Float.isInfinite(nearest) || Float.isInfinite(y)) {
            // 2¹²⁸ is where the next float would be.
            return Math.abs(Math.min(y, 0x1p128) - Math.min(exact, 0x1p128)) / 0x1p104;
        }
        return Math.abs(y - exact) / Math.ulp(nearest);
    }

    @Test
    void endsOfTheRangeAreZeroOneInfiniteAndNotANumber() {
        expect(Float.NEGATIVE_INFINITY, 0);
        expect(-Float.MAX_VALUE, 0);
        expect(-104, 0);
        expect(-103.9f, Float.MIN_VALUE);
        expect(-0.0f, 1);
        expect(0, 1);
        expect(Float.MIN_VALUE, 1);
        expect(88.7229f, Float.POSITIVE_INFINITY);
        expect(Float.MAX_VALUE, Float.POSITIVE_INFINITY);
        expect(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY);
        expect(Float.NaN, Float.NaN);
    }

    private static void expect(float x, float expected) {
        float[] lanes = new float[Vectors.LANES];
        lanes[Vectors.LANES - 1] = x;
        assertThat(exp(lanes)[Vectors.LANES - 1]).as("exp(%s)", x).isEqualTo(Float.valueOf(expected));
    }

    private static float[] exp(float[] x) {
        return VectorExponential.exp(FloatVector.fromArray(Vectors.FLOATS, x, 0))
                .toArray();
    }
}
