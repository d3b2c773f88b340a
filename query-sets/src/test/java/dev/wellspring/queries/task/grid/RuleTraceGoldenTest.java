package dev.wellspring.queries.task.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.Sha256;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The prompt, the trace and the commented scratchpad of Hu et al. (arXiv 2402.17709). Sizes and digests are those of
/// what the generators of GraphPKU/Case_or_Rule at 1f96b05 print for the same operands.
class RuleTraceGoldenTest {
    private static final List<Cell> OPERANDS = List.of(
            new Cell(0, 0),
            new Cell(7, 5),
            new Cell(59, 13),
            new Cell(99, 1),
            new Cell(1, 99),
            new Cell(12345, 678),
            new Cell(100, 20));

    /// Both operands are the largest of their length, so that they carry at every digit.
    @ParameterizedTest
    @CsvSource({
        "10, 1, 976, 76, 57",
        "10, 2, 1572, 118, 87",
        "10, 3, 2192, 160, 120",
        "10, 5, 3504, 244, 195",
        "10, 6, 4196, 286, 237",
        "10, 9, 6416, 412, 381",
        "10, 12, 8852, 538, 552",
        "10, 15, 11504, 664, 750",
        "9, 1, 971, 76, 57",
        "9, 5, 3479, 244, 195",
        "9, 15, 11429, 664, 750"
    })
    void tracesHaveThePublishedSizes(int base, int digits, int characters, int lines, int commented) {
        long operand = Long.parseLong(Integer.toString(base - 1).repeat(digits), base);
        String trace = new RuleTrace(base).full(operand, operand);
        assertThat(trace).hasSize(characters);
        assertThat(trace.lines()).hasSize(lines);
        assertThat(new Scratchpad(base).commentedSum(operand, operand)).hasSize(commented);
    }

    @Test
    void theTraceOf59And13Has118LinesAfterTheLineEndAndEndsInTheResult() {
        String trace = new RuleTrace(10).full(59, 13);
        assertThat(trace).startsWith("\nnum1=[5, 9]\nnum2=[1, 3]\n").endsWith("\nresult=[7, 2]\n\n[7, 2]");
        assertThat(trace.strip().lines()).hasSize(118);
    }

    @ParameterizedTest
    @CsvSource({
        "10, b8ea1ff4705adcecba2684ef0bf6d0ce4bb482a022d7cfe0730bb01f3cb1b1ee, ad195d62bc92a58b7621864b6ca038f5af346637a1cf4d97983102587e5108a8",
        "9, f70842eb4c6acf808304bf0bcd08c823043accae09cd903ef01c1d248518409e, 907992c4a9ed0fc5d023c66ed174b47207c2aabf57cb583dbf33ff7e562bbe2e"
    })
    void tracesAreThePublished(int base, String trace, String commented) {
        assertThat(Sha256.of(OPERANDS.stream()
                        .map(cell -> new RuleTrace(base).full(cell.a(), cell.b()) + "\n")
                        .collect(Collectors.joining())))
                .isEqualTo(trace);
        assertThat(Sha256.of(OPERANDS.stream()
                        .map(cell -> new Scratchpad(base).commentedSum(cell.a(), cell.b()) + "\n")
                        .collect(Collectors.joining())))
                .isEqualTo(commented);
    }

    @Test
    void thePromptOfTwoNumbersOfTwoDigitsHas785Characters() {
        assertThat(new Sum(59, 13, 10, AnswerFormat.RULE_FOLLOWING).prompt())
                .hasSize(785)
                .startsWith("Follow the code step by step to answer the question:\n59+13=\ndef sum_digit_by_digit(");
        assertThat(Sha256.of(new Sum(59, 13, 10, AnswerFormat.RULE_FOLLOWING).prompt()))
                .isEqualTo("471430df0bf8fdf8d155eb7c8bec67c57e5068dfd39a8f46b6cd968648ab94ba");
        assertThat(Sha256.of(new Sum(40, 13, 9, AnswerFormat.RULE_FOLLOWING).prompt()))
                .isEqualTo("d8191642d5c610a60512b9621b5009e50881bb3016e1d30a27222de5154a6b18");
    }

    @Test
    void aCompactTraceRecitesLineNumbers() {
        assertThat(new RuleTrace(10).compact(59, 13)).isEqualTo("""
                        L1 r= c=0
                        L2 59|13 go
                        L3 9 L4 3 L5 9+3+0=12 L6 r=2 L7 c=1
                        L2 5|1 go
                        L3 5 L4 1 L5 5+1+1=7 L6 r=72 L7 c=0
                        L2 | end
                        L8 c=0 r=72
                        L9 72""");
    }
}
