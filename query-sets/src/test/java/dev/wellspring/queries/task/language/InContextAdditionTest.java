package dev.wellspring.queries.task.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.Sha256;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade.Verdict;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.QueryFamilyContract;
import dev.wellspring.queries.task.grid.AnswerFormat;
import dev.wellspring.queries.task.grid.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InContextAdditionTest {
    private static final QueryFamily FAMILY = new InContextAddition();
    private static final Pattern OPERANDS = Pattern.compile("Int a: (\\d+); Int b: (\\d+)\\.");
    private static final Pattern SUM = Pattern.compile("(?:a\\+b=|the answer is )(\\d+)\\.\n");

    /// Digests of what the published generators (GraphPKU/Case_or_Rule at 1f96b05) print as example and question.
    @ParameterizedTest
    @CsvSource({
        "10, DIRECT, 49f7b1598659e8588fb7920be6192b5ae67bdda8819c7f12298bc1b562d9e29d",
        "10, SCRATCHPAD, 6ad4c5a6dbbdc7e478d533b98f2ffbf6a6f7d3aa60bec6d1f720b11b58da1347",
        "10, RULE_FOLLOWING, a161c43ceffab606b3517b3baf985a0769cc58d025a9278d409fa522e81a101b",
        "9, DIRECT, bcbb93a1a46ec40b2a82e926ce78b77ea63659717c0c4df903d736653adc16b1",
        "9, SCRATCHPAD, 3fdd20f797a065b4213e8484f6a42dfa148d407f5bc0b7e465a158c63f3ecf1f",
        "9, RULE_FOLLOWING, ae3be53f674c6143e5154fab9c27fa6ce49dd02f5e7a419d041e051658855f51"
    })
    void examplesAndQuestionsAreThePublished(int base, AnswerFormat format, String digest) {
        assertThat(Sha256.of(Stream.of(new Cell(1059, 7813), new Cell(48213, 91787), new Cell(12345, 54321))
                        .map(cell -> new ShownSum(cell.a(), cell.b(), 5, base, format))
                        .map(sum -> sum.example(sum) + sum.question())
                        .collect(Collectors.joining())))
                .isEqualTo(digest);
    }

    @Test
    void directPromptsShowSumsAndAskForOne() {
        var shown = new ShownSum(59, 13, 2, 10, AnswerFormat.DIRECT);
        assertThat(shown.example(shown)).isEqualTo("Int a: 59; Int b: 13. The sum of a and b is: a+b=72.\n");
        assertThat(shown.question())
                .isEqualTo(
                        "Directly generate the answer without solving steps. Int a: 59; Int b: 13. The sum of a and b"
                                + " is: a+b=");
        var written = new ShownSum(59, 13, 2, 10, AnswerFormat.SCRATCHPAD);
        assertThat(written.example(written)).isEqualTo("""
                        Int a: 59; Int b: 13.
                        59+13,,C:0
                        # added 9+3+0=2
                        5+1,2,C:1
                        # added 5+1+1=7
                        +,72,C:0
                        Therefore, the answer is 72.
                        """);
    }

    @ParameterizedTest
    @CsvSource({"10, direct", "9, direct", "10, scratchpad", "9, rule-following", "10, compact"})
    void aScrambledPromptHasTheSameQuestionsAndNoRightAnswer(String base, String format) {
        for (GeneratedQuery query : made(42, Map.of("base", base, "format", format))) {
            List<long[]> operands = operands(query, Integer.parseInt(base));
            List<Long> sums = SUM.matcher(query.prompt())
                    .results()
                    .map(result -> Long.parseLong(result.group(1), Integer.parseInt(base)))
                    .toList();
            int examples = query.coordinates().getOrDefault("examples", -1);
            assertThat(sums).hasSize(examples);
            assertThat(operands).hasSize(examples + 1);
            long right = IntStream.range(0, examples)
                    .filter(i -> operands.get(i)[0] + operands.get(i)[1] == sums.get(i))
                    .count();
            assertThat(right).isEqualTo(query.controlOf() == null ? examples : 0);
            assertThat(query.answers())
                    .containsExactly(
                            Long.toString(operands.getLast()[0] + operands.getLast()[1], Integer.parseInt(base)));
        }
    }

    @ParameterizedTest
    @CsvSource({"4, growing", "5, growing", "8, growing", "5, five-and-five"})
    void similarExamplesReplaceThreeAdjacentAlignedDigitsAndRandomOnesDoNot(String digits, String examples) {
        Set<Integer> first = new TreeSet<>();
        for (GeneratedQuery query : made(3, Map.of("digits", digits, "examples", examples, "count", "40"))) {
            List<long[]> operands = operands(query, 10);
            long[] asked = operands.getLast();
            List<String> similar =
                    List.of(query.labels().getOrDefault("similar", "").split(","));
            for (int i = 0; i < operands.size() - 1 && !query.labels().containsKey("left-out"); i++) {
                List<Integer> changed = changed(asked, operands.get(i));
                boolean within = changed.getLast() - changed.getFirst() < 3;
                assertThat(within)
                        .isEqualTo("similar".equals(query.labels().get("examples"))
                                || similar.contains(Integer.toString(i + 1)));
                if (within) {
                    first.add(changed.getFirst());
                }
            }
        }
        assertThat(first).contains(0, Integer.parseInt(digits) - 3);
    }

    /// Places, from the left, at which either number differs.
    private static List<Integer> changed(long[] asked, long[] example) {
        String was = Long.toString(asked[0]) + asked[1];
        String is = Long.toString(example[0]) + example[1];
        assertThat(is).hasSameSizeAs(was);
        int digits = was.length() / 2;
        return IntStream.range(0, digits)
                .filter(i -> was.charAt(i) != is.charAt(i) || was.charAt(digits + i) != is.charAt(digits + i))
                .boxed()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"growing", "five-and-five"})
    void noExampleSharesANumberOrTheSumWithTheQuestionOrAnother(String examples) {
        for (GeneratedQuery query : made(9, Map.of("examples", examples))) {
            List<Long> numbers = new ArrayList<>();
            for (long[] operands : operands(query, 10)) {
                numbers.add(operands[0]);
                numbers.add(operands[1]);
            }
            assertThat(numbers).doesNotHaveDuplicates();
            assertThat(operands(query, 10).stream().map(operands -> operands[0] + operands[1]))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void fiveAndFiveLeavesOutEveryPartOfEitherFive() {
        List<GeneratedQuery> queries = made(5, Map.of("examples", "five-and-five", "count", "3"));
        assertThat(queries).hasSize(3 * 65);
        Map<String, GeneratedQuery> whole = queries.stream()
                .filter(query -> query.id().endsWith("-mixed-10"))
                .collect(Collectors.toMap(GeneratedQuery::id, Function.identity()));
        assertThat(whole).hasSize(3);
        for (GeneratedQuery query : queries) {
            String leftOut = query.labels().get("left-out");
            if (leftOut == null) {
                continue;
            }
            GeneratedQuery full = Objects.requireNonNull(
                    whole.get("in-context-addition-" + query.coordinates().get("question") + "-mixed-10"));
            List<String> lines = new ArrayList<>(full.prompt().lines().toList());
            List<String> places = List.of(leftOut.split(","));
            places.reversed().forEach(place -> lines.remove(Integer.parseInt(place) - 1));
            assertThat(query.prompt().lines()).containsExactlyElementsOf(lines);
            List<String> similar =
                    List.of(full.labels().getOrDefault("similar", "").split(","));
            assertThat(similar).hasSize(5);
            assertThat(similar.containsAll(places) || places.stream().noneMatch(similar::contains))
                    .isTrue();
        }
        assertThat(queries.stream().filter(query -> query.labels().containsKey("left-out")))
                .hasSize(3 * 62);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "direct|SUM|RIGHT",
                "direct|SUM.{n}Int a: 7; Int b: 8.|RIGHT",
                "direct|1SUM|WRONG",
                "direct|many|UNREADABLE",
                "scratchpad|1+2,,C:0{n}Therefore, the answer is SUM.{n}Int a: 7; Int b: 8.|RIGHT",
                "scratchpad|1+2,,C:0{n}Therefore, the answer is 1SUM.|WRONG",
                "scratchpad|It makes SUM|RIGHT",
                "rule-following|num1=[1]|WRONG",
                "rule-following|none|UNREADABLE"
            })
    void theConclusionCountsOrTheFirstNumberOfADirectAnswer(String format, String answer, Verdict verdict) {
        GeneratedQuery query = made(1, Map.of("format", format)).getFirst();
        String text = answer.replace("SUM", query.answers().getFirst()).replace("{n}", "\n");
        assertThat(FAMILY.grade(query, text).verdict()).isEqualTo(verdict);
    }

    private static List<long[]> operands(GeneratedQuery query, int base) {
        return OPERANDS.matcher(query.prompt())
                .results()
                .map(result ->
                        new long[] {Long.parseLong(result.group(1), base), Long.parseLong(result.group(2), base)})
                .toList();
    }

    private static List<GeneratedQuery> made(long seed, Map<String, String> parameters) {
        return FAMILY.generate(seed, FAMILY.describe().parameters(parameters)).toList();
    }

    private abstract static class AdditionContract extends QueryFamilyContract {
        private final Map<String, String> parameters;

        AdditionContract(String format, String examples) {
            parameters = Map.of("format", format, "examples", examples, "count", "3");
        }

        @Override
        protected QueryFamily family() {
            return FAMILY;
        }

        @Override
        protected Map<String, String> parameters() {
            return parameters;
        }

        /// One digit more, and the last digit changed.
        @Override
        protected List<String> wrongVariants(GeneratedQuery query) {
            String answer = query.answers().getFirst();
            String changed = answer.substring(0, answer.length() - 1) + (answer.endsWith("1") ? "2" : "1");
            return List.of(answer + "0", changed, "Therefore, the answer is " + changed + ".");
        }
    }

    @Nested
    class DirectTest extends AdditionContract {
        DirectTest() {
            super("direct", "growing");
        }
    }

    @Nested
    class ScratchpadTest extends AdditionContract {
        ScratchpadTest() {
            super("scratchpad", "growing");
        }
    }

    @Nested
    class RuleFollowingTest extends AdditionContract {
        RuleFollowingTest() {
            super("rule-following", "five-and-five");
        }
    }

    @Nested
    class CompactTest extends AdditionContract {
        CompactTest() {
            super("compact", "five-and-five");
        }
    }
}
