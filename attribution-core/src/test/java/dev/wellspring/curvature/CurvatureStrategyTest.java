package dev.wellspring.curvature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CurvatureStrategyTest {
    @ParameterizedTest
    @EnumSource
    void itsWordReadsBackAsTheSame(CurvatureStrategy strategy) {
        assertThat(CurvatureStrategy.parse(strategy.word())).isEqualTo(strategy);
    }

    @Test
    void anUnknownWordIsAnsweredWithTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CurvatureStrategy.parse("EKFAC"))
                .withMessage("curvature: expected ekfac, kfac, diagonal, identity, got \"EKFAC\"");
    }

    @Test
    void onlyKroneckerFactorsNeedAnEigenbasisAndOnlyMeasuredScalesNeedLambda() {
        assertThat(CurvatureStrategy.values())
                .filteredOn(CurvatureStrategy::hasEigenbasis)
                .containsExactly(CurvatureStrategy.EKFAC, CurvatureStrategy.KFAC);
        assertThat(CurvatureStrategy.values())
                .filteredOn(CurvatureStrategy::hasLambda)
                .containsExactly(CurvatureStrategy.EKFAC, CurvatureStrategy.DIAGONAL);
    }
}
