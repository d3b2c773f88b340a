package dev.wellspring.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.cli.report.TextTable.Column;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
    private static TextTable table() {
        var table = new TextTable(
                Column.text("name").cutTo(6),
                Column.number("count").leaveOut(2),
                Column.text("note").leaveOut(1),
                Column.number("share"));
        table.add("a rather long name", "12,000", "of much", "0.5");
        table.add("short\nname", "7", "", "10.25");
        return table;
    }

    private static String printed(TextTable table, int width, List<String> leftOut) {
        var bytes = new ByteArrayOutputStream();
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        assertThat(table.print(out, " ", width)).isEqualTo(leftOut);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void columnsLineUpWhereThereIsRoom() {
        assertThat(printed(table(), FindingsView.UNLIMITED, List.of())).isEqualTo("""
                 name                 count  note     share
                 a rather long name  12,000  of much    0.5
                 short name               7           10.25
                """);
    }

    @Test
    void textsAreCutBeforeColumnsGo() {
        assertThat(printed(table(), 37, List.of())).isEqualTo("""
                 name           count  note     share
                 a rather lo…  12,000  of much    0.5
                 short name         7           10.25
                """);
        assertThat(printed(table(), 30, List.of("note"))).isEqualTo("""
                 name             count  share
                 a rather long…  12,000    0.5
                 short name           7  10.25
                """);
        assertThat(printed(table(), 16, List.of("count", "note"))).isEqualTo("""
                 name      share
                 a rathe…    0.5
                 short n…  10.25
                """);
    }

    @Test
    void whatMustStayStaysHoweverNarrowTheTerminal() {
        assertThat(printed(table(), 3, List.of("count", "note"))).isEqualTo("""
                 name    share
                 a rat…    0.5
                 short…  10.25
                """);
    }

    @Test
    void aSmallNegativeNumberIsNotMinusNothing() {
        assertThat(Figures.number("%.3f", -0.0001)).isEqualTo("0.000");
        assertThat(Figures.number("%.0f", -0.2)).isEqualTo("0");
        assertThat(Figures.number("%.3f", -0.001)).isEqualTo("-0.001");
        assertThat(Figures.number("%.3g", -0.0001)).isEqualTo("-0.000100");
    }

    @Test
    void sentencesBreakBetweenWords() {
        var bytes = new ByteArrayOutputStream();
        TerminalText.paragraph(
                new PrintStream(bytes, true, StandardCharsets.UTF_8), "one two three incomprehensibilities four", 9);
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("one two\nthree\nincomprehensibilities\nfour\n");
    }
}
