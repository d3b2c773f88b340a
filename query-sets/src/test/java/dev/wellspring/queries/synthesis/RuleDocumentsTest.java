package dev.wellspring.queries.synthesis;

import static dev.wellspring.queries.synthesis.DocumentFamilyTest.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.grid.AnswerFormat;
import dev.wellspring.queries.task.grid.LadderTask;
import dev.wellspring.queries.task.grid.LengthLadder;
import dev.wellspring.queries.task.grid.RuleTrace;
import dev.wellspring.queries.task.grid.Sum;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleDocumentsTest {
    private static final Pattern QUESTION = Pattern.compile("(\\d+)\\+(\\d+)=");

    /// All sums of two digits are queries, so each document has one.
    @ParameterizedTest
    @CsvSource({
        "10, direct",
        "9, direct",
        "10, scratchpad",
        "9, scratchpad",
        "10, rule-following",
        "9, rule-following",
        "10, compact",
        "9, compact"
    })
    void aTraceSaysWhatTheLaddersQueryAsksAndAnswers(String base, String format) {
        QueryFamily family = new LengthLadder(LadderTask.ADDITION);
        Map<String, String> asked =
                Map.of("base", base, "format", format, "min-digits", "2", "max-digits", "2", "per-length", "10000");
        Map<String, GeneratedQuery> queries = family.generate(
                        0, family.describe().parameters(asked))
                .collect(Collectors.toMap(query -> query.prompt() + query.completion(), Function.identity()));
        Map<String, String> made =
                Map.of("base", base, "format", format, "min-digits", "2", "max-digits", "2", "text-percent", "0");
        for (LabelledDocument document : sample("rules", 1, 500, made)) {
            GeneratedQuery query = Objects.requireNonNull(queries.get(document.text()), document::text);
            assertThat(document.task()).isEqualTo(query.family());
            assertThat(document.format()).isEqualTo(query.format());
            assertThat(document.coordinates()).isEqualTo(query.coordinates());
            assertThat(document.role()).isEqualTo(format.equals("direct") ? Role.CASE : Role.RULE_TRACE);
        }
    }

    @Test
    void aReversalSaysWhatItsQueryAsksAndAnswers() {
        QueryFamily family = new LengthLadder(LadderTask.REVERSAL);
        Map<String, String> asked = Map.of("format", "scratchpad", "max-letters", "2", "per-length", "676");
        Set<String> queries = family.generate(0, family.describe().parameters(asked))
                .map(query -> query.prompt() + query.completion())
                .collect(Collectors.toSet());
        Map<String, String> made =
                Map.of("task", "reversal", "format", "scratchpad", "max-digits", "2", "text-percent", "0");
        List<LabelledDocument> documents = sample("rules", 1, 500, made);
        assertThat(documents).extracting(LabelledDocument::text).isSubsetOf(queries);
        assertThat(documents).extracting(LabelledDocument::task).containsOnly("reversal-ladder");
        assertThat(documents)
                .extracting(LabelledDocument::coordinates)
                .contains(Map.of("length", 1), Map.of("length", 2));
    }

    @ParameterizedTest
    @CsvSource({"10, rule-following", "9, rule-following", "10, scratchpad", "9, compact"})
    void longSumsAreWrittenOutAndLabelled(String base, String format) {
        Set<Integer> lengths = new TreeSet<>();
        int radix = Integer.parseInt(base);
        Map<String, String> parameters =
                Map.of("base", base, "format", format, "max-digits", "15", "text-percent", "0");
        for (LabelledDocument document : sample("rules", 2, 300, parameters)) {
            MatchResult question =
                    QUESTION.matcher(document.text()).results().findFirst().orElseThrow();
            long a = Long.parseLong(question.group(1), radix);
            long b = Long.parseLong(question.group(2), radix);
            var sum = new Sum(
                    a,
                    b,
                    radix,
                    AnswerFormat.valueOf(format.toUpperCase(Locale.ROOT).replace('-', '_')));
            assertThat(document.text()).isEqualTo(sum.text());
            int length = Math.max(question.group(1).length(), question.group(2).length());
            assertThat(document.coordinates()).containsEntry("length", length).containsEntry("base", radix);
            assertThat(document.coordinates().containsKey("a")).isEqualTo(Math.max(a, b) <= Integer.MAX_VALUE);
            assertThat(document.digits())
                    .containsEntry("units", a % radix + "+" + b % radix)
                    .containsEntry("carries", Integer.toString(carries(a, b, radix)));
            lengths.add(length);
        }
        assertThat(lengths).contains(2, 15);
    }

    /// Each carry takes base − 1 off the sum of the digits.
    private static int carries(long a, long b, int base) {
        return (digitSum(a, base) + digitSum(b, base) - digitSum(a + b, base)) / (base - 1);
    }

    private static int digitSum(long number, int base) {
        return Long.toString(number, base).chars().map(digit -> digit - '0').sum();
    }

    @ParameterizedTest
    @CsvSource({"10, 3, 5", "9, 1, 1", "10, 15, 15"})
    void lengthsStayWithinTheirBounds(String base, String min, String max) {
        Map<String, String> parameters =
                Map.of("base", base, "min-digits", min, "max-digits", max, "format", "direct", "text-percent", "0");
        for (LabelledDocument document : sample("rules", 3, 300, parameters)) {
            MatchResult question =
                    QUESTION.matcher(document.text()).results().findFirst().orElseThrow();
            assertThat(question.group(1).length()).isBetween(Integer.parseInt(min), Integer.parseInt(max));
            assertThat(question.group(2).length()).isBetween(Integer.parseInt(min), Integer.parseInt(max));
        }
    }

    @ParameterizedTest
    @CsvSource({"10", "9"})
    void theRuleIsStatedAsThePublishedCodeAndInWords(int base) {
        Map<String, String> parameters = Map.of("text-percent", "100", "base", Integer.toString(base));
        List<LabelledDocument> texts = sample("rules", 4, 100, parameters);
        assertThat(texts).extracting(LabelledDocument::role).containsOnly(Role.RULE_TEXT);
        assertThat(texts).extracting(LabelledDocument::template).contains("code", "paragraph", "steps");
        assertThat(texts).extracting(LabelledDocument::coordinates).containsOnly(Map.of("base", base));
        for (LabelledDocument text : texts) {
            if (text.template().equals("code")) {
                assertThat(text.text()).isEqualTo(new RuleTrace(base).rule());
            } else {
                assertThat(text.text()).contains("in base " + base).doesNotContain("BASE");
            }
        }
    }

    @Test
    void theShareOfTextsIsKept() {
        assertThat(sample("rules", 5, 1000, Map.of("text-percent", "25")))
                .filteredOn(document -> document.role() == Role.RULE_TEXT)
                .hasSize(250);
    }

    @Test
    void lengthsInTheWrongOrderAndFormatsThatTheTaskLacksAreRefused() {
        assertThatThrownBy(() -> sample("rules", 0, 1, Map.of("min-digits", "6")))
                .isInstanceOf(CorpusException.class)
                .hasMessage("parameter min-digits: expected at most max-digits, 5, found 6; lower it");
        assertThatThrownBy(() -> sample("rules", 0, 1, Map.of("task", "reversal", "format", "compact")))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("expected direct or scratchpad");
    }
}
