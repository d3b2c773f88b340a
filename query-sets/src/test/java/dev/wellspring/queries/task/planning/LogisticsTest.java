package dev.wellspring.queries.task.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.CorpusException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LogisticsTest {
    /// A package at the far end of one city is to get to the far end of the other; the truck there has to come first.
    private static final Problem FAR = problem(
            "(at truck_0 location_0_0) (at truck_1 location_1_1) (at airplane_0 location_1_0)"
                    + " (at package_0 location_0_1)",
            "(at package_0 location_1_1)");
    private static final List<Step> PLAN = Step.parse("(drive-truck truck_0 location_0_0 location_0_1 city_0)"
            + " (load-truck package_0 truck_0 location_0_1)"
            + " (drive-truck truck_0 location_0_1 location_0_0 city_0)"
            + " (unload-truck package_0 truck_0 location_0_0)"
            + " (fly-airplane airplane_0 location_1_0 location_0_0)"
            + " (load-airplane package_0 airplane_0 location_0_0)"
            + " (fly-airplane airplane_0 location_0_0 location_1_0)"
            + " (unload-airplane package_0 airplane_0 location_1_0)"
            + " (drive-truck truck_1 location_1_1 location_1_0 city_1)"
            + " (load-truck package_0 truck_1 location_1_0)"
            + " (drive-truck truck_1 location_1_0 location_1_1 city_1)"
            + " (unload-truck package_0 truck_1 location_1_1)");

    private static Problem problem(String changing, String goal) {
        List<Fact> facts = Fact.parse(changing
                + " (airport location_0_0) (airport location_1_0) (in-city location_0_0 city_0)"
                + " (in-city location_0_1 city_0) (in-city location_1_0 city_1) (in-city location_1_1 city_1)");
        Domain domain = Logistics.of(2, 2, 1, 1).domain();
        List<String> objects = facts.stream()
                .flatMap(fact -> fact.arguments().stream())
                .distinct()
                .toList();
        List<Fact> all = new ArrayList<>(facts);
        all.addAll(domain.kindsOf(objects));
        return new Problem(domain, objects, new State(all), Fact.parse(goal));
    }

    @Test
    void thePlanByHandIsValidAndAsShortAsTheOneFound() {
        assertThat(PlanVerdict.of(FAR, PLAN).valid()).isTrue();
        assertThat(FAR.shortestPlan()).hasSize(12);
        assertThat(PlanVerdict.of(FAR, FAR.shortestPlan()).valid()).isTrue();
    }

    /// Six loads and unloads, four drives of 2 minutes, two flights of 5.
    @Test
    void drivesAndFlightsTakeLonger() {
        assertThat(FAR.domain().minutes(PLAN)).isEqualTo(24);
        assertThat(FAR.domain().minutes(FAR.quickestPlan())).isEqualTo(24);
    }

    @ParameterizedTest
    @CsvSource({"2, 2, 2, 1", "2, 2, 2, 2", "3, 1, 3, 2", "1, 3, 2, 1", "3, 2, 1, 2", "2, 3, 2, 1", "2, 1, 3, 3"})
    void plansAreAsShortAndAsQuickAsThoseOfAnExhaustiveSearch(int cities, int locations, int packages, int airplanes) {
        Logistics world = Logistics.of(cities, locations, packages, airplanes);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 6; i++) {
            Problem drawn = world.draw(random);
            List<Step> plan = drawn.shortestPlan();
            Problem problem = i % 2 == 0 ? drawn : drawn.from(drawn.after(plan.subList(0, plan.size() / 2)));
            List<Step> quickest = problem.quickestPlan();

            assertThat(PlanVerdict.of(problem, problem.shortestPlan()).valid()).isTrue();
            assertThat(PlanVerdict.of(problem, quickest).valid()).isTrue();
            assertThat(problem.shortestPlan()).hasSize(least(problem, false));
            assertThat(world.domain().minutes(quickest)).isEqualTo(least(problem, true));
        }
    }

    /// Dijkstra's search through all states.
    private static int least(Problem problem, boolean minutes) {
        StateGraph graph = StateGraph.of(problem);
        Map<State, Integer> best = new HashMap<>();
        record Open(State state, int spent) {}
        PriorityQueue<Open> open = new PriorityQueue<>(Comparator.comparingInt(Open::spent));
        open.add(new Open(problem.start(), 0));
        while (true) {
            Open next = open.remove();
            if (next.state.holdsAll(problem.goal())) {
                return next.spent;
            }
            if (best.putIfAbsent(next.state, next.spent) == null) {
                for (Action action : graph.applicable(next.state)) {
                    int cost = minutes ? problem.domain().minutes(List.of(action.step())) : 1;
                    open.add(new Open(action.apply(next.state), next.spent + cost));
                }
            }
        }
    }

    /// PlanBench's instances of this size have plans of 19 to 48 actions.
    @Test
    void theLargestSizeOfThePublishedInstancesIsSolved() {
        Logistics world = Logistics.of(3, 3, 7, 2);
        SplittableRandom random = new SplittableRandom(3);
        int[] lengths = IntStream.range(0, 50)
                .map(i -> {
                    Problem problem = world.draw(random);
                    List<Step> plan = problem.shortestPlan();
                    assertThat(PlanVerdict.of(problem, plan).valid()).isTrue();
                    return plan.size();
                })
                .sorted()
                .toArray();

        assertThat(lengths[25]).isBetween(28, 42);
        assertThat(lengths[49]).isBetween(40, 60);
    }

    @Test
    void sizesAreDrawnFromTheirRanges() {
        Logistics world = new Logistics(new Range(2, 3), new Range(1, 3), new Range(1, 7), new Range(1, 3));
        SplittableRandom random = new SplittableRandom(5);
        for (String kind : List.of("city", "package", "airplane")) {
            int[] counts = IntStream.range(0, 100)
                    .map(i -> (int) world.draw(random).objects().stream()
                            .filter(object -> object.startsWith(kind))
                            .count())
                    .distinct()
                    .sorted()
                    .toArray();
            assertThat(counts)
                    .containsExactly(
                            switch (kind) {
                                case "city" -> new int[] {2, 3};
                                case "package" -> new int[] {1, 2, 3, 4, 5, 6, 7};
                                default -> new int[] {1, 2, 3};
                            });
        }
    }

    @Test
    void relaxationsForgiveWhatTheyDrop() {
        List<Step> unloaded = PLAN.subList(0, 11);
        List<Step> staying = PLAN.stream()
                .filter(step -> !step.equals(PLAN.get(2)) && !step.equals(PLAN.get(4)))
                .toList();

        assertThat(PlanVerdict.of(FAR, unloaded).executable()).isTrue();
        assertThat(PlanVerdict.of(FAR, unloaded).unmetGoals()).isEqualTo(FAR.goal());
        assertThat(RelaxedVerdict.of(FAR, unloaded)).isEqualTo(new RelaxedVerdict(false, false, false));
        PlanVerdict verdict = PlanVerdict.of(FAR, staying);
        assertThat(verdict.executedSteps()).isEqualTo(2);
        assertThat(verdict.unmetPreconditions()).containsExactly(Fact.of("at", "truck_0", "location_0_0"));
        assertThat(RelaxedVerdict.of(FAR, staying)).isEqualTo(new RelaxedVerdict(false, true, true));
        List<Step> once =
                PLAN.stream().filter(step -> !step.equals(PLAN.get(2))).toList();
        assertThat(PlanVerdict.of(FAR, once).valid()).isFalse();
        assertThat(RelaxedVerdict.of(FAR, once).withoutDeletions()).isTrue();
    }

    @Test
    void whatIsInAVehicleLandsElsewhereThanAtItsGoal() {
        State carried = FAR.after(PLAN.subList(0, 2));
        Logistics world = Logistics.of(2, 2, 1, 1);

        assertThat(world.carries(FAR.start())).isFalse();
        assertThat(world.carries(carried)).isTrue();
        for (int seed = 0; seed < 20; seed++) {
            State found = world.surprise(FAR, carried, new SplittableRandom(seed));
            assertThat(world.carries(found)).isFalse();
            assertThat(found.holdsAll(FAR.goal())).isFalse();
            assertThat(FAR.from(found).shortestPlan()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "8", "3-2", "1-8", "", "two", "1-", "-1", "99999999999"})
    void sizesOutsideTheirBoundsAreRefused(String packages) {
        var family = PlanningFamily.logistics();
        var parameters = family.describe().parameters(Map.of("packages", packages));

        assertThatThrownBy(() -> family.generate(1, parameters))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("parameter packages: expected a number or a range within 1-7");
    }

    @Test
    void aWorldWithoutAnywhereToGoIsRefused() {
        assertThatThrownBy(() -> Logistics.of(1, 1, 1, 1))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("two places");
    }
}
