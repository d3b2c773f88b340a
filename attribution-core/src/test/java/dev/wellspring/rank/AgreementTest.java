package dev.wellspring.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AgreementTest {
    @Test
    void equalScoresAgreeInEverything() {
        double[] scores = {3, -1, 4, 1, -5, 9, 2, 6, -5.5, 3.5};
        assertThat(Agreement.of(scores, scores)).isEqualTo(new Agreement(10, 1, 1, 1));
    }

    /// By hand: covariance 4, variances 5 and 5 over 1, 2, 3, 4 against 1, 3, 2, 4; one swap, so ρ = 1 − 6·2/(4·15).
    @Test
    void correlationsAreThoseOfTheTextbook() {
        Agreement agreement = Agreement.of(new double[] {1, 2, 3, 4}, new double[] {1, 3, 2, 4});
        assertThat(agreement.pearson()).isCloseTo(0.8, within(1e-12));
        assertThat(agreement.spearman()).isCloseTo(0.8, within(1e-12));
        assertThat(agreement.recall()).isEqualTo(1);
    }

    @Test
    void changedCountsWhatTheApproximationMissed() {
        double[] exact = {10, 9, 8, 1, 0};
        double[] approximate = {10, 0, 8, 9, 1};
        assertThat(Agreement.changed(approximate, exact, 1)).isZero();
        assertThat(Agreement.changed(approximate, exact, 2)).isEqualTo(1);
        assertThat(Agreement.changed(approximate, exact, 3)).isEqualTo(1);
        assertThat(Agreement.changed(approximate, exact, 9)).isZero();
    }

    @Test
    void fewerThanTwoDocumentsHaveNoCorrelation() {
        assertThat(Agreement.of(new double[] {1}, new double[] {2}).pearson()).isNaN();
        assertThatThrownBy(() -> Agreement.of(new double[1], new double[2])).hasMessageContaining("expected 1 scores");
    }
}
