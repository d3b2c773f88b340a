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
            assertThat(query.coordinates()).containsEntry("length", operands[0].length());
            assertThat(query.coordinates()).containsEntry("base", radix);
            long larger = Math.max(Long.parseLong(operands[0], radix), Long.parseLong(operands[1], radix));
            assertThat(query.coordinates().containsKey("a")).isEqualTo(larger <= Integer.MAX_VALUE);
            assertThat(operands[0]).hasSameSizeAs(operands[1]);
        }
    }

    @Test
    void aShortLadderIsTheBeginningOfALongOne() {
        assertThat(made(Map.of("max-digits", "3"))).isEqualTo(made(Map.of()).subList(0, 81 + 200));
    }

    @Test
    void aLengthWithFewSumsHasAllOfThem() {
        assertThat(made(Map.of("max-digits", "2", "per-length", "8100")).stream()
                        .map(GeneratedQuery::prompt)
                        .distinct())
                .hasSize(81 + 8100);
    }

    @Test
    void lengthsInTheWrongOrderAreRefused() {
        assertThatThrownBy(() -> made(Map.of("min-digits", "4", "max-digits", "3")))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("min-digits");
    }

    private static List<GeneratedQuery> made(Map<String, String> parameters) {
        var family = new LengthLadder(LadderTask.ADDITION);
        return family.generate(11, family.describe().parameters(parameters)).toList();
    }

    private abstract static class LadderContract extends QueryFamilyContract {
        private final AnswerFormat format;

        LadderContract(AnswerFormat format) {
            this.format = format;
        }

        @Override
        protected QueryFamily family() {
            return new LengthLadder(LadderTask.ADDITION);
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
