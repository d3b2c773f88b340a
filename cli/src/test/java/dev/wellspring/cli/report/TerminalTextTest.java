package dev.wellspring.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTextTest {
    @Test
    void whatMovesTheCursorOrTurnsTheTextIsShownAsUnprintable() {
        assertThat(TerminalText.of("a\u001b[2J\u0007b\u009bc")).isEqualTo("a\uFFFD[2J\uFFFDb\uFFFDc");
        assertThat(TerminalText.of("safe\u202Eexe.\u2066\u200F")).isEqualTo("safe\uFFFDexe.\uFFFD\uFFFD");
        assertThat(TerminalText.of("half \uD83D whole \uD83D\uDE00")).isEqualTo("half \uFFFD whole \uD83D\uDE00");
    }

    @Test
    void everythingStandsOnOneLine() {
        assertThat(TerminalText.of("one\r\n\t two")).isEqualTo("one two");
        assertThat(TerminalText.cut("a\nlong line", 6)).isEqualTo("a lon…");
        assertThat(TerminalText.cut("short", 5)).isEqualTo("short");
    }
}
