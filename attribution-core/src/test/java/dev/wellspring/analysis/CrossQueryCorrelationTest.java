package dev.wellspring.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.junit.jupiter.api.Test;

class CrossQueryCorrelationTest {
    private static final double[][] SCORES = {{1, 2, 3, 4}, {-2, -4, -6, -8}, {7, 9, 11, 13}, {1, -1, -1, 1}};

    @Test
    void scaleAndShiftChangeNothingAndSignTurnsItAround() {
        var correlation = CrossQueryCorrelation.of(SCORES);
        assertThat(correlation.at(0, 2)).isCloseTo(1, within(1e-15));
        assertThat(correlation.at(0, 1)).isCloseTo(-1, within(1e-15));
        assertThat(correlation.at(3, 0)).isCloseTo(0, within(1e-15));
        assertThat(correlation.at(1, 1)).isCloseTo(1, within(1e-15));
    }

    @Test
    void everyPairIsWhatAnotherLibrarySays() {
        var random = new SplittableRandom(5);
        double[][] scores = new double[6][];
        for (int q = 0; q < scores.length; q++) {
            scores[q] = random.doubles(97, -1, 1).map(x -> 1e-4 * x + 3).toArray();
        }
        var correlation = CrossQueryCorrelation.of(scores);
        for (int q = 0; q < scores.length; q++) {
            for (int other = 0; other < scores.length; other++) {
                assertThat(correlation.at(q, other))
                        .isCloseTo(new PearsonsCorrelation().correlation(scores[q], scores[other]), within(1e-10));
            }
        }
    }

    @Test
    void groupsTakeEachPairOnce() {
        var correlation = CrossQueryCorrelation.of(SCORES);
        Spread within = correlation.within(0, 1, 2);
        assertThat(within.count()).isEqualTo(3);
        assertThat(within.mean()).isCloseTo(-1 / 3d, within(1e-15));
        assertThat(within.largest()).isCloseTo(1, within(1e-15));
        Spread across = correlation.across(new int[] {0, 1}, new int[] {2, 3});
        assertThat(across.count()).isEqualTo(4);
        assertThat(across.mean()).isCloseTo(0, within(1e-15));
        assertThat(correlation.within(2).count()).isZero();
    }

    @Test
    void aQueryThatNothingTellsApartCorrelatesWithNone() {
        var correlation = CrossQueryCorrelation.of(new double[][] {{1, 2, 3}, {5, 5, 5}, {1, Double.NaN, 2}});
        assertThat(correlation.at(0, 1)).isNaN();
        assertThat(correlation.at(2, 0)).isNaN();
        assertThat(correlation.within(0, 1, 2).count()).isZero();
    }
}
