package dev.wellspring.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TotalInfluenceTest {
    @Test
    void bothSignsAreSummedForThemselvesAndPerNat() {
        var total = TotalInfluence.of(new double[] {3, -1, 0, 1, -0.5, Double.NaN, 4}, 2, 0.1);
        assertThat(total.positive()).isEqualTo(4);
        assertThat(total.negative()).isEqualTo(-0.75);
        assertThat(total.topShare()).isEqualTo(0.5);
    }

    @Test
    void theFirstDocumentsAreAShareOfAllAndNotOfThePositive() {
        double[] scores = {1, 2, 3, 4, -1, -1, -1, -1, -1, -1};
        assertThat(TotalInfluence.of(scores, 1, 0.2).topShare()).isEqualTo(0.7);
        assertThat(TotalInfluence.of(scores, 1, 0.9).topShare()).isEqualTo(1);
    }

    @Test
    void nothingPositiveHasNoShare() {
        assertThat(TotalInfluence.of(new double[] {-1, 0}, 1, 0.5).topShare()).isNaN();
    }

    @Test
    void aCompletionThatIsCertainIsRefused() {
        assertThatThrownBy(() -> TotalInfluence.of(new double[] {1}, 0, 0.5))
                .hasMessage("loss: expected more than 0 nats, got 0.0");
    }

    @Test
    void spreadIsTheMeanAndHowFarFromIt() {
        Spread spread = Spread.of(4, Double.NaN, 1, 2, 5);
        assertThat(spread.count()).isEqualTo(4);
        assertThat(spread.mean()).isEqualTo(3);
        assertThat(spread.deviation()).isCloseTo(Math.sqrt(10 / 3d), within(1e-15));
        assertThat(spread.relative()).isCloseTo(Math.sqrt(10 / 3d) / 3, within(1e-15));
        assertThat(spread.median()).isEqualTo(3);
        assertThat(spread.smallest()).isEqualTo(1);
        assertThat(spread.largest()).isEqualTo(5);
        assertThat(Spread.of().mean()).isNaN();
        assertThat(Spread.of(7).deviation()).isNaN();
    }
}
