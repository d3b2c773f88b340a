package dev.wellspring.rank;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NormalisationTest {
    @Test
    void eachStepDividesByOneThingMore() {
        assertThat(Normalisation.RAW.apply(12, 4, 2)).isEqualTo(12);
        assertThat(Normalisation.NAT.apply(12, 4, 2)).isEqualTo(3);
        assertThat(Normalisation.NORMALISED.apply(12, 4, 2)).isEqualTo(1.5);
    }

    @Test
    void theSignStays() {
        assertThat(Normalisation.NORMALISED.apply(-12, 4, 2)).isEqualTo(-1.5);
    }

    @Test
    void aQueryWithoutLossHasNoNormalisedScore() {
        assertThat(Normalisation.NAT.apply(1, 0, 2)).isNaN();
        assertThat(Normalisation.NORMALISED.apply(1, 0, 2)).isNaN();
        assertThat(Normalisation.RAW.apply(1, 0, 2)).isEqualTo(1);
    }

    @Test
    void aDocumentWithoutGradientHasNoNormalisedScore() {
        assertThat(Normalisation.NORMALISED.apply(0, 4, 0)).isNaN();
        assertThat(Normalisation.NAT.apply(0, 4, 0)).isEqualTo(0);
    }
}
