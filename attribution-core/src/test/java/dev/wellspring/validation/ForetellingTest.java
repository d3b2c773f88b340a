package dev.wellspring.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ForetellingTest {
    private static final boolean[] FAILS = {false, false, true, true};

    @Test
    void anyRisingFunctionIsForetoldPerfectly() {
        double[] x = new SplittableRandom(1).doubles(50, -2, 2).toArray();
        double[] y = new double[50];
        for (int i = 0; i < y.length; i++) {
            y[i] = Math.exp(3 * x[i]);
        }
        Interval perfect = new Foretelling(x, y).spearman(7);
        assertThat(perfect.estimate()).isCloseTo(1, within(1e-12));
        assertThat(perfect.low()).isCloseTo(1, within(1e-12));
    }

    @Test
    void chanceIsNotMistakenForForesight() {
        double[] x = new SplittableRandom(1).doubles(200).toArray();
        double[] y = new SplittableRandom(2).doubles(200).toArray();
        Interval chance = new Foretelling(x, y).spearman(7);
        assertThat(chance.low()).isNegative();
        assertThat(chance.high()).isPositive();
        assertThat(new Foretelling(x, y).spearman(7)).isEqualTo(chance);
    }

    @Test
    void areaCountsPairsInTheRightOrder() {
        double[] any = {0, 1, 2, 3};
        assertThat(new Foretelling(new double[] {1, 2, 3, 4}, any).areaUnderCurve(FAILS))
                .isEqualTo(1);
        assertThat(new Foretelling(new double[] {4, 3, 2, 1}, any).areaUnderCurve(FAILS))
                .isZero();
        assertThat(new Foretelling(new double[] {1, 3, 2, 4}, any).areaUnderCurve(FAILS))
                .isEqualTo(0.75);
        assertThat(new Foretelling(new double[] {5, 5, 5, 5}, any).areaUnderCurve(FAILS))
                .isEqualTo(0.5);
        assertThat(new Foretelling(any, any).areaUnderCurve(new boolean[4])).isNaN();
    }

    @Test
    void twoNumbersProveNothing() {
        assertThatThrownBy(() -> new Foretelling(new double[2], new double[2])).hasMessageContaining("at least 3");
    }
}
