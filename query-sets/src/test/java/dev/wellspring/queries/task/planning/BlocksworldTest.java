package dev.wellspring.queries.task.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.QueryFamily;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BlocksworldTest {
    /// Section 4.3's example: blue (b) on orange (c), to be turned round.
    private static final State START = Blocksworld.towers("a bc d");

    private static final Problem TURN = new Problem(
            new Blocksworld(4).domain(), List.of("a", "b", "c", "d"), START, List.of(Fact.of("on", "c", "b")));
    private static final List<Step> PLAN = Step.parse("(unstack b c) (put-down b) (pick-up c) (stack c b)");

    @ParameterizedTest
    @CsvSource({"3, 13", "4, 73", "5, 501"})
    void thereAreAsManyStatesWithAnEmptyHandAsWaysToStack(int blocks, int states) {
        assertThat(new Blocksworld(blocks).states()).hasSize(states).doesNotHaveDuplicates();
    }

    @Test
    void thePapersPlanIsValidAndShortest() {
        PlanVerdict verdict = PlanVerdict.of(TURN, PLAN);

        assertThat(verdict.valid()).isTrue();
        assertThat(TURN.shortestPlan()).isEqualTo(PLAN);
    }

    @Test
    void aPlanThatStopsEarlyNamesTheGoalThatIsNotMet() {
        PlanVerdict verdict = PlanVerdict.of(TURN, PLAN.subList(0, 3));

        assertThat(verdict.executable()).isTrue();
        assertThat(verdict.valid()).isFalse();
        assertThat(verdict.unmetGoals()).containsExactly(Fact.of("on", "c", "b"));
    }

    @Test
    void aPlanWithoutItsSecondStepFailsForTheFullHand() {
        PlanVerdict verdict = PlanVerdict.of(TURN, Step.parse("(unstack b c) (pick-up c) (stack c b)"));

        assertThat(verdict.executable()).isFalse();
        assertThat(verdict.executedSteps()).isEqualTo(1);
        assertThat(verdict.unmetPreconditions()).containsExactly(Fact.of("handempty"));
    }

    @Test
    void relaxationsForgiveWhatTheyDrop() {
        PlanVerdict fullHand = PlanVerdict.of(TURN, Step.parse("(unstack b c) (pick-up c) (stack c b)"));
        PlanVerdict covered = PlanVerdict.of(TURN, Step.parse("(pick-up c) (stack c b)"));
        PlanVerdict elsewhere = PlanVerdict.of(TURN, Step.parse("(pick-up a) (stack a b)"));

        assertThat(fullHand.reachesWithoutDeletions()).isTrue();
        assertThat(fullHand.reachesWithoutPreconditions()).isTrue();
        assertThat(covered.reachesWithoutDeletions()).isFalse();
        assertThat(covered.reachesWithoutPreconditions()).isTrue();
        assertThat(elsewhere.valid()).isFalse();
        assertThat(elsewhere.reachesWithoutEither()).isFalse();
    }

    @Test
    void aStepOfNoOperatorIsRefused() {
        assertThatThrownBy(() -> PlanVerdict.of(TURN, Step.parse("(fly a b)")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fly");
        assertThatThrownBy(() -> PlanVerdict.of(TURN, Step.parse("(stack a)")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 2 objects, got 1");
    }

    @Test
    void fourBlocksMake5256ProblemsAndNonePlansLongerThanTwelve() {
        QueryFamily family = new BlocksworldUniverse();
        List<GeneratedQuery> queries =
                family.generate(1, family.describe().parameters(Map.of())).toList();
        Set<String> ids = new HashSet<>();
        queries.forEach(query -> ids.add(query.id()));

        assertThat(queries).hasSize(5256);
        assertThat(ids).hasSize(5256);
        assertThat(family.describe().count()).isEqualTo(5256);
        assertThat(queries.stream()
                        .mapToInt(query -> query.coordinates().getOrDefault("optimal_length", -1))
                        .max())
                .hasValue(12);
        for (int i = 0; i < queries.size(); i += 37) {
            Grade grade = family.grade(queries.get(i), queries.get(i).completion());
            assertThat(grade.verdict()).as(grade.reason()).isEqualTo(Grade.Verdict.RIGHT);
            assertThat(grade.details()).containsEntry("optimal", "true");
        }
    }

    @Test
    void threeBlocksMake156Problems() {
        QueryFamily family = new BlocksworldUniverse();

        assertThat(family.generate(1, family.describe().parameters(Map.of("blocks", "3"))))
                .hasSize(156);
    }

    @Test
    void problemsThatDifferByNamesShareAnOrbit() {
        Problem same = new Problem(
                TURN.domain(), TURN.objects(), Blocksworld.towers("b ad c"), List.of(Fact.of("on", "d", "a")));
        Problem other = new Problem(
                TURN.domain(), TURN.objects(), Blocksworld.towers("b ad c"), List.of(Fact.of("on", "d", "b")));

        assertThat(Blocksworld.orbit(same)).isEqualTo(Blocksworld.orbit(TURN));
        assertThat(Blocksworld.orbit(other)).isNotEqualTo(Blocksworld.orbit(TURN));
    }

    @Test
    void distancesAreSymmetricAndTakeTwoActionsAMove() {
        int[][] distances = BlocksworldUniverse.distances(new Blocksworld(3));

        for (int i = 0; i < distances.length; i++) {
            assertThat(distances[i][i]).isZero();
            for (int j = 0; j < distances.length; j++) {
                assertThat(distances[i][j]).isEqualTo(distances[j][i]).isEven();
            }
        }
    }

    @Test
    void tooManyBlocksAreRefused() {
        assertThatThrownBy(() -> new Blocksworld(6))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("2 to 5");
    }
}
