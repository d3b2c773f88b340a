package dev.wellspring.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class RemovalTest {
    private static final double[][] SCORES = {{3, 1, 2, 0, 2}, {0, 0, 5, 9, -4}};

    @Test
    void theFirstOfEveryQueryAreTakenTogether() {
        assertThat(Removal.top(SCORES, 1)).isEqualTo(of(0, 3));
        assertThat(Removal.top(SCORES, 2)).isEqualTo(of(0, 2, 3)); // of two equals the earlier
        assertThat(Removal.top(SCORES, 9)).isEqualTo(of(0, 1, 2, 3, 4));
        assertThat(Removal.bottom(SCORES, 1)).isEqualTo(of(3, 4));
        assertThat(Removal.top(SCORES, 0)).isEqualTo(new BitSet());
    }

    @Test
    void randomOnesAreAsManyAsAskedFor() {
        assertThat(Removal.random(100, 37, 5).cardinality()).isEqualTo(37);
        assertThat(Removal.random(100, 37, 5)).isEqualTo(Removal.random(100, 37, 5));
        assertThat(Removal.random(100, 37, 6)).isNotEqualTo(Removal.random(100, 37, 5));
        assertThat(Removal.random(3, 3, 1)).isEqualTo(of(0, 1, 2));
        assertThat(Removal.random(3, 0, 1)).isEqualTo(new BitSet());
    }

    /// The mean of n values has a standard error of σ/√n, and an interval of about two to either side.
    @Test
    void intervalsAreAsWideAsTheValuesSay() {
        double[] values = new double[400];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 2; // σ = ½, standard error 0.025
        }
        Interval mean = Bootstrap.mean(values, 1);
        assertThat(mean.estimate()).isCloseTo(0.5, within(1e-12));
        assertThat(mean.high() - mean.low()).isCloseTo(4 * 0.025, within(0.015));
        assertThat(mean.apartFrom(new Interval(0.6, 0.56, 0.7))).isTrue();
        assertThat(mean.apartFrom(new Interval(0.6, 0.51, 0.7))).isFalse();
    }

    private static BitSet of(int... members) {
        var set = new BitSet();
        for (int member : members) {
            set.set(member);
        }
        return set;
    }
}
