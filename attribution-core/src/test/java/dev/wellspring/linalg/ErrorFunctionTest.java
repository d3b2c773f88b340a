package dev.wellspring.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorFunctionTest {
    /// The nearest float64 to values computed with 40 digits (mpmath), around the seams of the approximation.
    @ParameterizedTest
    @CsvSource({
        "1e-300, 1.1283791670955126e-300",
        "1e-10, 1.1283791670955126e-10",
        "0.001, 0.0011283787909692365",
        "0.1, 0.1124629160182849",
        "0.46875, 0.49261347321793797",
        "0.469, 0.4928398949625797",
        "0.5, 0.5204998778130465",
        "1, 0.8427007929497149",
        "1.5, 0.9661051464753108",
        "2, 0.9953222650189527",
        "3, 0.9999779095030014",
        "3.99, 0.9999999832607886",
        "4, 0.9999999845827421",
        "4.01, 0.9999999858030606",
        "5, 0.9999999999984626",
        "5.9, 0.9999999999999999",
        "6, 1.0",
        "6.01, 1.0",
        "30, 1.0"
    })
    void erfIsRightToTheLastDigits(double x, double expected) {
        assertThat(ErrorFunction.erf(x)).isCloseTo(expected, within(5e-16 * Math.abs(expected)));
        assertThat(ErrorFunction.erf(-x)).isEqualTo(-ErrorFunction.erf(x));
    }

    @Test
    void erfOfTheEdgesOfTheLineIsExact() {
        assertThat(ErrorFunction.erf(0)).isZero();
        assertThat(ErrorFunction.erf(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(ErrorFunction.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
        assertThat(ErrorFunction.erf(Double.NaN)).isNaN();
    }
}
