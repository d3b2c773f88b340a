package dev.wellspring.queries.task.arithmetic;

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
