package dev.wellspring.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Bfloat16Test {
    @Test
    void everyBitPatternSurvivesTheRoundTrip() {
        for (int bits = Short.MIN_VALUE; bits <= Short.MAX_VALUE; bits++) {
            float value = Bfloat16.toFloat((short) bits);
            if (Float.isNaN(value)) {
                assertThat(Bfloat16.toFloat(Bfloat16.fromFloat(value))).isNaN();
            } else {
                assertThat(Bfloat16.fromFloat(value)).isEqualTo((short) bits);
                assertThat(Bfloat16.fromDouble(value)).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void roundingGoesToTheNearestAndTiesToEven() {
        assertThat(rounded(1 + 0x1p-8)).isEqualTo(1);
        assertThat(rounded(1 + 3 * 0x1p-8)).isEqualTo(1 + 0x1p-6);
        assertThat(rounded(1 + 0x1p-8 - 0x1p-40)).isEqualTo(1);
        assertThat(rounded(1 + 3 * 0x1p-8 - 0x1p-40)).isEqualTo(1 + 0x1p-7);
        assertThat(rounded(-1 - 0x1p-8 - 0x1p-40)).isEqualTo(-1 - 0x1p-7);
        assertThat(rounded(1e300)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(rounded(-1e-300)).isEqualTo(-0.0);
    }

    private static double rounded(double value) {
        return Bfloat16.toFloat(Bfloat16.fromDouble(value));
    }
}
