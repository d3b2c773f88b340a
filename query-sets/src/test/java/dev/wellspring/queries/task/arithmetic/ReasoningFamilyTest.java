package dev.wellspring.queries.task.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.AnswerText;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.QueryFamilyContract;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ReasoningFamilyTest {
    /// The published operands and their answers, worked out by hand.
    @Test
    void publishedProblemsHaveTheirAnswers() {
        assertThat(answers(ReasoningFamily.twoStepArithmetic()))
                .containsExactly(
                        90, 132, 21, 14, 90, 30, 27, 182, 49, 90, 238, 112, 270, 182, 18, 110, 96, 24, 208, 272);
        assertThat(answers(ReasoningFamily.slope()))
                .containsExactly(-43, 74, -22, -7, -82, -23, 0, -8, -22, -3, 11, 1, 1, 57, 19, -22, 2, 15, -1, 6);
        assertThat(answers(ReasoningFamily.linearEquation()))
                .containsExactly(70, 2, 7, 86, 3, 4, 14, 8, 1, 4, 68, 11, 75, 10, 5, 4, 11, 8, 2, 2);
    }

    /// The operands as the published prompts have them, in their order.
    @Test
    void publishedOperandsAreThoseOfThePaper() {
        assertThat(TwoStep.PUBLISHED.stream().map(problem -> problem.question().replaceAll("[^0-9+*-]", "")))
                .containsExactlyElementsOf(rows("""
                        4+2*15 8+3*12 7-4*7 6-4*7 3+3*15 4-2*15 1+8*3 5+9*13 3+4*7 1+9*9
                        6+8*17 10+6*7 9+9*15 10+4*13 5+4*2 5+6*10 6+10*6 5-3*12 9+7*13 8+8*17"""));
        assertThat(Slope.PUBLISHED.stream().map(problem -> String.join(",", AnswerText.numbers(problem.question()))))
                .containsExactlyElementsOf(rows("""
                        94,62,95,19 73,19,74,93 79,47,80,25 51,81,60,18 13,5,12,87 95,3,94,26 92,21,5,21 10,81,8,97
                        62,31,61,53 41,23,18,92 90,20,94,64 96,89,24,17 18,62,13,57 5,27,6,84 58,78,57,59 94,6,91,72
                        9,41,14,51 43,47,41,17 93,28,74,47 71,100,65,64"""));
        assertThat(LinearEquation.PUBLISHED.stream()
                        .map(problem -> problem.operands().values().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(","))))
                .containsExactlyElementsOf(rows("""
                        1,22,92 8,16,32 14,1,99 1,3,89 1,9,12 9,9,45 5,21,91 2,37,53 37,46,83 18,5,77
                        1,23,91 1,45,56 1,14,89 6,8,68 4,24,44 2,76,84 4,56,100 1,67,75 15,21,51 3,59,65"""));
    }

    private static List<String> rows(String text) {
        return List.of(text.split("\\s+"));
    }

    @Test
    void generatedProblemsKeepToThePublishedRangesAndReachTheirEnds() {
        for (long seed = 0; seed < 3; seed++) {
            assertRange(ReasoningFamily.twoStepArithmetic(), seed, 20, true);
            assertRange(ReasoningFamily.slope(), seed, 100, false);
            assertRange(ReasoningFamily.linearEquation(), seed, 100, true);
        }
    }

    private static void assertRange(QueryFamily family, long seed, int largest, boolean positive) {
        List<GeneratedQuery> made = family.generate(
                        seed, family.describe().parameters(Map.of("generated", "1000", "controls", "0")))
                .toList();
        IntSummaryStatistics operands = made.stream()
                .flatMap(query -> query.coordinates().values().stream())
                .mapToInt(Math::abs)
                .summaryStatistics();
        assertThat(operands.getMin()).isZero();
        assertThat(operands.getMax()).isEqualTo(largest);
        IntSummaryStatistics answers = made.stream()
                .mapToInt(query -> Integer.parseInt(query.answers().getFirst()))
                .summaryStatistics();
        assertThat(answers.getMin() > 0).isEqualTo(positive);
        assertThat(made)
                .allMatch(query -> !family.name().equals("linear-equation")
                        || query.prompt().contains("x + "));
    }

    @Test
    void controlsAreOfThreeKindsAndNeedNoComputing() {
        assertThat(controls(ReasoningFamily.slope()).subList(0, 3))
                .containsExactly(
                        "The slope of the line passing through the points (94, 62) and (95, 19) is -43. What is the slope"
                                + " of the line passing through the points (94, 62) and (95, 19)? -> -43",
                        "In a vase there are 93 roses and 73 tulips. How many roses are there in the vase? -> 93",
                        "Which number stands between the brackets? 79 (47) 80 25 -> 47");
        assertThat(controls(ReasoningFamily.twoStepArithmetic()).subList(0, 3))
                .containsExactly(
                        "The answer to (4 + 2) * 15 is 90. Calculate the answer: (4 + 2) * 15 -> 90",
                        "In a vase there are 12 roses and 8 tulips. How many roses are there in the vase? -> 12",
                        "Which number stands between the brackets? 7 (4) 7 -> 4");
        assertThat(controls(ReasoningFamily.linearEquation()).subList(0, 3))
                .containsExactly(
                        "The x in x + 22 = 92 is 70. Solve for x: x + 22 = 92 -> 70",
                        "In a vase there are 32 roses and 8 tulips. How many roses are there in the vase? -> 32",
                        "Which number stands between the brackets? 14 (1) 99 -> 1");
        for (QueryFamily family : List.of(
                ReasoningFamily.twoStepArithmetic(), ReasoningFamily.slope(), ReasoningFamily.linearEquation())) {
            List<String> controls = controls(family);
            assertThat(controls).hasSize(10);
            for (String control : controls) {
                String[] parts = control.split(" -> ", -1);
                assertThat(AnswerText.numbers(parts[0])).contains(parts[1]);
            }
        }
    }

    private static List<String> controls(QueryFamily family) {
        return family.generate(0, family.describe().parameters(Map.of("generated", "0"))).toList().stream()
                .filter(query -> query.kind() == QueryKind.CONTROL)
                .map(query -> query.prompt().lines().findFirst().orElse("") + " -> "
                        + query.answers().getFirst())
                .toList();
    }

    @Test
    void publishedProblemsKeepToTheirRanges() {
        assertThat(TwoStep.PUBLISHED).hasSize(20).doesNotHaveDuplicates().allMatch(Problem::isValid);
        assertThat(Slope.PUBLISHED).hasSize(20).doesNotHaveDuplicates().allMatch(Problem::isValid);
        assertThat(LinearEquation.PUBLISHED).hasSize(20).doesNotHaveDuplicates().allMatch(Problem::isValid);
    }

    @Test
    void promptsAndSolutionsReadAsTheyShould() {
        GeneratedQuery query = published(ReasoningFamily.twoStepArithmetic()).get(2);
        assertThat(query.prompt()).isEqualTo("Calculate the answer: (7 - 4) * 7\n\nThink step-by-step.\n\n");
        assertThat(query.completion())
                .isEqualTo("First the brackets: 7 - 4 = 3. Then the product: 3 * 7 = 21. The answer is 21.");
        assertThat(query.intermediateAnswers()).containsExactly("3");
        assertThat(published(ReasoningFamily.linearEquation()).get(2).prompt()).startsWith("Solve for x: 14x + 1 = 99");
        assertThat(published(ReasoningFamily.linearEquation()).getFirst().prompt())
                .startsWith("Solve for x: x + 22 = 92");
    }

    @Test
    void operandsOutsideTheRangesAreNotValid() {
        assertThat(new TwoStep(21, 1, 1).isValid()).isFalse();
        assertThat(new TwoStep(3, -3, 5).isValid()).isFalse();
        assertThat(new Slope(1, 2, 3, 3).isValid()).isFalse();
        assertThat(new Slope(1, 2, 1, 3).isValid()).isFalse();
        assertThat(new LinearEquation(2, 5, 5).isValid()).isFalse();
        assertThat(new LinearEquation(2, 5, 8).isValid()).isFalse();
    }

    @Test
    void aNumberOutOfRangeIsRefused() {
        QueryFamily family = ReasoningFamily.slope();
        assertThatThrownBy(() -> family.generate(0, family.describe().parameters(Map.of("generated", "1001"))))
                .isInstanceOf(CorpusException.class)
                .hasMessage("parameter generated: expected a whole number from 0 to 1000, found \"1001\";"
                        + " choose one in the range");
    }

    private static List<GeneratedQuery> published(QueryFamily family) {
        return family.generate(0, family.describe().parameters(Map.of("generated", "0", "controls", "0")))
                .toList();
    }

    private static List<Integer> answers(QueryFamily family) {
        return published(family).stream()
                .map(query -> Integer.valueOf(query.answers().getFirst()))
                .toList();
    }

    private static List<String> otherNumbers(GeneratedQuery query) {
        int answer = Integer.parseInt(query.answers().getFirst());
        String right = query.completion();
        return List.of(
                right.substring(0, right.length() - 1) + ", no, it is " + (answer + 1) + ".",
                "The answer is " + (answer == 0 ? 9 : -answer) + ".",
                "The answer is " + answer + "1.",
                answer + "/7000");
    }

    @Nested
    class TwoStepArithmeticTest extends QueryFamilyContract {
        @Override
        protected QueryFamily family() {
            return ReasoningFamily.twoStepArithmetic();
        }

        @Override
        protected List<String> wrongVariants(GeneratedQuery query) {
            return otherNumbers(query);
        }
    }

    @Nested
    class SlopeTest extends QueryFamilyContract {
        @Override
        protected QueryFamily family() {
            return ReasoningFamily.slope();
        }

        @Override
        protected List<String> wrongVariants(GeneratedQuery query) {
            return otherNumbers(query).subList(0, 3);
        }
    }

    @Nested
    class LinearEquationTest extends QueryFamilyContract {
        @Override
        protected QueryFamily family() {
            return ReasoningFamily.linearEquation();
        }

        @Override
        protected List<String> wrongVariants(GeneratedQuery query) {
            return otherNumbers(query);
        }
    }
}
