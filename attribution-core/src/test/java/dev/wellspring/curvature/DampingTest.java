package dev.wellspring.curvature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DampingTest {
    @Test
    void aMultipleFollowsTheMeanOfLambda() {
        assertThat(Damping.parse("0.1x")).isEqualTo(new Damping.Relative(0.1));
        assertThat(Damping.parse("0.1x").value(20)).isEqualTo(2);
    }

    @Test
    void aNumberIsTheSameForEveryModule() {
        assertThat(Damping.parse("1e-3")).isEqualTo(new Damping.Absolute(1e-3));
        assertThat(Damping.parse("1e-3").value(20)).isEqualTo(1e-3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1x", "1.0E-3", "0.30000000000000004x"})
    void itsTextReadsBackAsTheSame(String text) {
        assertThat(Damping.parse(Damping.parse(text).toString())).isEqualTo(Damping.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0.1y", "a tenth", "0,1x", "0.1xx"})
    void textThatIsNoNumberIsRefusedWithAnExample(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Damping.parse(text))
                .withMessage("damping: expected a number such as 1e-3, or a multiple of mean(Λ) such as 0.1x, got \""
                        + text + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "0x", "-0.1x", "NaN", "Infinity", "NaNx"})
    void dampingThatIsNotPositiveIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Damping.parse(text))
                .withMessageStartingWith("damping: expected a number above 0, got ");
    }
}
