package dev.wellspring.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class LocalityTest {
    private static final GridPoint QUERY = new GridPoint(52, 47);

    @Test
    void distancesAreToTheNearerTwin() {
        assertThat(QUERY.distance(new GridPoint(50, 48))).isEqualTo(2);
        assertThat(QUERY.distance(new GridPoint(47, 52), false)).isEqualTo(5);
        assertThat(QUERY.distance(new GridPoint(47, 52), true)).isZero();
        assertThat(QUERY.sharesUnits(new GridPoint(17, 92), false)).isFalse();
        assertThat(QUERY.sharesUnits(new GridPoint(17, 92), true)).isTrue();
        assertThat(QUERY.sharesTens(new GridPoint(59, 40), false)).isTrue();
        assertThat(QUERY.sharesTens(new GridPoint(49, 50), true)).isTrue();
    }

    @Test
    void theCurveIsTheMeanOfEachDistanceInUnitsOfTheMeanSize() {
        Locality locality = locality(point -> QUERY.distance(point) <= 1 ? 3 : QUERY.distance(point) <= 2 ? -1 : 0);
        // 8 neighbours with 3 and 16 with −1 of 9,999 others: the mean size is 40/9,999
        double unit = 40.0 / 9_999;
        assertThat(locality.curve()[1]).isCloseTo(3 / unit, within(1e-9));
        assertThat(locality.curve()[2]).isCloseTo(-1 / unit, within(1e-9));
        assertThat(locality.curve()[3]).isZero();
        assertThat(locality.curve()[0]).as("no twin without commuting").isNaN();
    }

    @Test
    void casesLiftWhatIsNearAndStepsLiftWhatSharesUnits() {
        Locality cases = locality(point -> -QUERY.distance(point));
        assertThat(cases.nearLift()).isCloseTo(9_999 / 48.0, within(1e-9)); // 7 × 7 − 1 are near
        assertThat(cases.unitsLift()).isZero();
        Locality steps = locality(point -> QUERY.sharesUnits(point, false) ? 1 : 0);
        assertThat(steps.unitsLift()).isCloseTo(9_999 / 99.0, within(1e-9));
        assertThat(steps.nearLift()).isZero();
        Locality tens = locality(point -> QUERY.sharesTens(point, false) ? 1 : 0);
        assertThat(tens.tensLift()).isCloseTo(9_999 / 99.0, within(1e-9));
    }

    @Test
    void theProblemItselfAndWhatIsNoNumberDoNotCount() {
        Locality with = locality(point -> point.equals(QUERY) ? 1e9 : -QUERY.distance(point));
        Locality without = locality(point -> point.equals(QUERY) ? Double.NaN : -QUERY.distance(point));
        assertThat(with.curve()).containsExactly(without.curve());
        assertThat(with.nearLift()).isEqualTo(without.nearLift());
    }

    /// All problems of two operands below 100, in order, and the first 20 of them by a score.
    private static Locality locality(ToDoubleFunction<GridPoint> score) {
        List<GridPoint> documents = new ArrayList<>();
        for (int a = 0; a < 100; a++) {
            for (int b = 0; b < 100; b++) {
                documents.add(new GridPoint(a, b));
            }
        }
        double[] scores = documents.stream().mapToDouble(score).toArray();
        return Locality.of(scores, QUERY, documents, false, 20);
    }
}
