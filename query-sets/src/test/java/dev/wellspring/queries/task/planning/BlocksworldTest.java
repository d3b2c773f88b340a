package dev.wellspring.queries.task.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.QueryFamily;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
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
        RelaxedVerdict fullHand = RelaxedVerdict.of(TURN, Step.parse("(unstack b c) (pick-up c) (stack c b)"));
        RelaxedVerdict covered = RelaxedVerdict.of(TURN, Step.parse("(pick-up c) (stack c b)"));
        RelaxedVerdict elsewhere = RelaxedVerdict.of(TURN, Step.parse("(pick-up a) (stack a b)"));

        assertThat(fullHand.withoutDeletions()).isTrue();
        assertThat(fullHand.withoutPreconditions()).isTrue();
        assertThat(covered.withoutDeletions()).isFalse();
        assertThat(covered.withoutPreconditions()).isTrue();
        assertThat(elsewhere.withoutEither()).isFalse();
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
    void everyProblemOfTheUniverseNamesItsPairOfStates() {
        QueryFamily family = new BlocksworldUniverse();
        List<State> states = new Blocksworld(3).states();
        family.generate(1, family.describe().parameters(Map.of("blocks", "3"))).forEach(query -> {
            State start = State.parse(query.labels().getOrDefault("start", ""));
            List<Fact> goal = Fact.parse(query.labels().getOrDefault("goal", ""));

            assertThat(query.coordinates()).containsEntry("start", states.indexOf(start));
            State end = states.get(query.coordinates().getOrDefault("goal", -1));
            assertThat(goal).isEqualTo(end.of(Set.of("on", "ontable")));
        });
    }

    @ParameterizedTest
    @CsvSource({"3, 156", "4, 5256", "5, 250500"})
    void problemsAreThePairsOfDifferentStates(int blocks, int pairs) {
        PlanProblems problems = PlanProblems.universe(new Blocksworld(blocks), SkinName.PLAIN, 0);

        assertThat(problems.count()).isEqualTo(pairs);
        for (int number : new int[] {0, pairs / 2, pairs - 1}) {
            PlanProblem problem = problems.at(number);
            assertThat(problem.coordinates().get("start"))
                    .isNotEqualTo(problem.coordinates().get("goal"));
            assertThat(PlanVerdict.of(
                                    problem.solved().problem(), problem.solved().plan())
                            .valid())
                    .isTrue();
        }
    }

    @Test
    void heldPlansAreThoseOfTheGraph() {
        Blocksworld world = new Blocksworld(3);
        BlockPlans plans = new BlockPlans(world);
        for (int from = 0; from < 13; from++) {
            StateGraph.Paths paths = world.graph().from(plans.states().get(from));
            for (int to = 0; to < 13; to++) {
                assertThat(plans.plan(from, to))
                        .isEqualTo(paths.plan(plans.states().get(to)));
            }
        }
    }

    /// 13 states in 13,000 draws: 1,000 of each, with a standard deviation of 30.
    @Test
    void everyStateIsAsLikelyAsAnyOtherToBeStarted() {
        Map<State, Integer> drawn = new HashMap<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 13_000; i++) {
            drawn.merge(new Blocksworld(3).state(random), 1, Integer::sum);
        }

        assertThat(drawn).hasSize(13);
        assertThat(drawn.keySet()).containsExactlyInAnyOrderElementsOf(new Blocksworld(3).states());
        assertThat(drawn.values()).allMatch(count -> count > 850 && count < 1150);
    }

    @Test
    void whatIsHeldLandsOnAClearBlock() {
        State held = TURN.after(PLAN.subList(0, 1));
        for (int seed = 0; seed < 10; seed++) {
            State found = new Blocksworld(4).surprise(TURN, held, new SplittableRandom(seed));
            assertThat(found).isIn(Blocksworld.towers("ba c d"), START, Blocksworld.towers("a c bd"));
        }
    }

    @Test
    void problemsThatDifferByNamesShareAnOrbit() {
        Problem same = new Problem(
                TURN.domain(), TURN.objects(), Blocksworld.towers("b ad c"), List.of(Fact.of("on", "d", "a")));
        Problem other = new Problem(
                TURN.domain(), TURN.objects(), Blocksworld.towers("b ad c"), List.of(Fact.of("on", "d", "b")));

        Orbits orbits = new Orbits(TURN.objects());
        assertThat(orbits.of(same)).isEqualTo(orbits.of(TURN));
        assertThat(orbits.of(other)).isNotEqualTo(orbits.of(TURN));
    }

    @Test
    void everyRenamingIsAPermutationOfTheStatesThatKeepsDistances() {
        Blocksworld world = new Blocksworld(3);
        int[][] distances = BlocksworldUniverse.distances(world);
        int[][] renamings = world.renamings();

        assertThat(renamings).hasDimensions(6, 13);
        assertThat(renamings[0]).isEqualTo(IntStream.range(0, 13).toArray());
        for (int[] renaming : renamings) {
            assertThat(Arrays.stream(renaming).distinct()).hasSize(13);
            for (int i = 0; i < 13; i++) {
                assertThat(distances[renaming[i]][renaming[0]]).isEqualTo(distances[i][0]);
            }
        }
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
