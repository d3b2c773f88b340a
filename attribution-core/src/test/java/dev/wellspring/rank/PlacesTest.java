package dev.wellspring.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacesTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 64, 1000})
    void aPlaceIsOneMoreThanTheNumberOfValuesThatExceedIt(int asked) {
        double[] stream = new Random(1)
                .ints(5000, -60, 60)
                .mapToDouble(number -> number / 4.0) // many are equal
                .toArray();
        double[] values = new Random(2)
                .ints(asked, -70, 70)
                .mapToDouble(number -> number / 4.0)
                .toArray();
        var places = new Places(values);
        for (int from = 0; from < stream.length; from += 900) {
            double[] block = Arrays.copyOfRange(stream, from, Math.min(from + 900, stream.length));
            places.accept(block, block.length);
        }
        for (double value : values) {
            assertThat(places.of(value))
                    .as("%s", value)
                    .isEqualTo(
                            1 + Arrays.stream(stream).filter(one -> one > value).count());
        }
    }

    @Test
    void nothingButTheFirstValuesOfABlockCount() {
        var places = new Places(new double[] {0});
        places.accept(new double[] {1, 2, 3}, 2);
        assertThat(places.of(0)).isEqualTo(3);
    }

    @Test
    void noNumberStandsNowhereAndExceedsNothing() {
        var places = new Places(new double[] {Double.NaN, 1});
        places.accept(new double[] {Double.NaN, 2}, 2);
        assertThat(places.of(Double.NaN)).isZero();
        assertThat(places.of(1)).isEqualTo(2);
    }

    @Test
    void infinitiesAndBothZerosAreOrdinaryValues() {
        var places = new Places(new double[] {-0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY});
        places.accept(new double[] {0.0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1}, 5);
        assertThat(places.of(0.0)).isEqualTo(places.of(-0.0)).isEqualTo(2);
        assertThat(places.of(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(places.of(Double.NEGATIVE_INFINITY)).isEqualTo(5);
    }

    @Test
    void aValueThatNobodyAskedAboutIsRefused() {
        var places = new Places(new double[] {1});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> places.of(2))
                .withMessage("value: expected one of the 1 asked about, got 2.0");
    }
}
