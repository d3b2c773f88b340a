package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
    @ParameterizedTest
    @CsvSource({"790T, 790e12", "4.3t, 4.3e12", "67000G, 67e12", "1P, 1e15", "12, 12", "3k, 3000", "2.5M, 2.5e6"})
    void ratesAreReadAsPeopleWriteThem(String text, double perSecond) {
        assertThat(Rate.parse(text).perSecond()).isEqualTo(perSecond);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "T", "-1T", "1,5T", "8X", "1e9", "fast"})
    void whatIsNoRateIsRefused(String text) {
        assertThatThrownBy(() -> Rate.parse(text))
                .hasMessage("expected a rate such as 790T or 4.3T, got '" + text + "'");
    }

    @Test
    void nothingPerSecondIsRefused() {
        assertThatThrownBy(() -> Rate.parse("0T")).hasMessageContaining("above 0");
    }
}
