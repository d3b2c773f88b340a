package dev.wellspring.queries.task.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.QueryFamilyContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LengthLadderTest {
    @ParameterizedTest
    @CsvSource({"10, direct", "9, scratchpad", "10, rule-following", "9, rule-following", "9, compact"})
    void sumsAreRightInEveryBaseAndFormat(String base, String format) {
        for (GeneratedQuery query : made(Map.of("base", base, "format", format, "per-length", "5"))) {
            String question = query.prompt()
                    .lines()
                    .filter(line -> line.endsWith("="))
                    .findFirst()
                    .orElseThrow();
            String[] operands = question.substring(0, question.length() - 1).split("\\+", -1);
            int radix = Integer.parseInt(base);
            long sum = Long.parseLong(operands[0], radix) + Long.parseLong(operands[1], radix);
            assertThat(query.answers()).containsExactly(Long.toString(sum, radix));
            assertThat(query.coordinates()).containsEntry("digits", operands[0].length());
            assertThat(operands[0]).hasSameSizeAs(operands[1]);
        }
    }

    /// Sizes as computed from the published templates, for operands that carry at every digit. These begin with the
    /// line end that our prompt ends in.
    @ParameterizedTest
    @CsvSource({
        "1, 9, 976, 76",
        "2, 99, 1572, 118",
        "3, 999, 2192, 160",
        "5, 99999, 3504, 244",
        "9, 999999999, 6416, 412",
        "15, 999999999999999, 11504, 664"
    })
    void ruleTraceHasThePublishedSize(int digits, long operand, int characters, int lines) {
        String trace = "\n" + new RuleTrace(10).full(operand, operand);
        assertThat(trace.lines()).as("%d digits", digits).hasSize(lines);
        assertThat(trace).hasSize(characters);
    }

    @Test
    void compactTraceRecitesLineNumbers() {
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

    @Test
    void aShortLadderIsTheBeginningOfALongOne() {
        assertThat(made(Map.of("max-digits", "3"))).isEqualTo(made(Map.of()).subList(0, 81 + 200));
    }

    @Test
    void lengthsInTheWrongOrderAreRefused() {
        assertThatThrownBy(() -> made(Map.of("min-digits", "4", "max-digits", "3")))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("min-digits");
    }

    private static List<GeneratedQuery> made(Map<String, String> parameters) {
        var family = new LengthLadder();
        return family.generate(11, family.describe().parameters(parameters)).toList();
    }

    private abstract static class LadderContract extends QueryFamilyContract {
        private final AnswerFormat format;

        LadderContract(AnswerFormat format) {
            this.format = format;
        }

        @Override
        protected QueryFamily family() {
            return new LengthLadder();
        }

        @Override
        protected Map<String, String> parameters() {
            return Map.of("format", format.text(), "per-length", "20");
        }

        /// One digit more, and the last digit changed.
        @Override
        protected List<String> wrongVariants(GeneratedQuery query) {
            String answer = query.answers().getFirst();
            String changed = answer.substring(0, answer.length() - 1) + (answer.endsWith("1") ? "2" : "1");
            return List.of(written(answer + "0"), written(changed), query.completion() + "\n" + written(changed));
        }

        private String written(String digits) {
            return format == AnswerFormat.RULE_FOLLOWING
                    ? "result=[" + String.join(", ", digits.split("")) + "]"
                    : digits;
        }
    }

    @Nested
    class DirectTest extends LadderContract {
        DirectTest() {
            super(AnswerFormat.DIRECT);
        }
    }

    @Nested
    class ScratchpadTest extends LadderContract {
        ScratchpadTest() {
            super(AnswerFormat.SCRATCHPAD);
        }
    }

    @Nested
    class RuleFollowingTest extends LadderContract {
        RuleFollowingTest() {
            super(AnswerFormat.RULE_FOLLOWING);
        }
    }

    @Nested
    class CompactTest extends LadderContract {
        CompactTest() {
            super(AnswerFormat.COMPACT);
        }
    }
}
