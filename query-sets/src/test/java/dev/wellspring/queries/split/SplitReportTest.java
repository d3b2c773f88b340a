package dev.wellspring.queries.split;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.split.SplitReport.HeldOut;
import dev.wellspring.queries.split.SplitRule.Squares;
import dev.wellspring.queries.task.grid.GridTask;
import dev.wellspring.queries.task.planning.Blocksworld;
import dev.wellspring.queries.task.planning.BlocksworldUniverse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToLongBiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitReportTest {
    private static final List<Item> UNIVERSE = Grids.universe(4, "plain");

    private static List<Item> universe(int blocks) {
        return blocks == 4 ? UNIVERSE : Grids.universe(blocks, "plain");
    }

    private static SplitReport report(SplitRule rule, long seed, List<Item> items) {
        return SplitReport.of(Split.of(rule, seed, items), items, () -> {});
    }

    private static SplitReport report(String rule, long seed, List<Item> items) {
        return report(RuleForm.parse(rule), seed, items);
    }

    private static Nearest nearest(HeldOut item) {
        return Objects.requireNonNull(item.nearest(), item.id());
    }

    private static int at(Item item, String coordinate) {
        return Objects.requireNonNull(item.coordinates().get(coordinate));
    }

    /// Compares with the nearest, the first nearest and the number of nearest by looking at every pair.
    private static void assertNearest(
            SplitRule rule, long seed, List<Item> items, ToLongBiFunction<Item, Item> distance) {
        Split split = Split.of(rule, seed, items);
        Map<String, Item> byId = items.stream().collect(Collectors.toMap(Item::id, item -> item));
        List<Item> train = split.train().stream().map(id -> byId.get(id)).toList();
        for (HeldOut item : SplitReport.of(split, items, () -> {}).items()) {
            Item test = Objects.requireNonNull(byId.get(item.id()));
            long[] distances = train.stream()
                    .mapToLong(one -> distance.applyAsLong(one, test))
                    .toArray();
            long min = Arrays.stream(distances).min().orElseThrow();
            int first = IntStream.range(0, distances.length)
                    .filter(i -> distances[i] == min)
                    .findFirst()
                    .orElseThrow();
            assertThat(nearest(item).distance()).as(item.id()).isEqualTo(min);
            assertThat(nearest(item).id()).isEqualTo(train.get(first).id());
            assertThat(nearest(item).ties()).isEqualTo((int)
                    Arrays.stream(distances).filter(one -> one == min).count());
        }
    }

    private static long larger(Item one, Item other, String a, String b) {
        return Math.max(Math.abs((long) at(one, a) - at(other, "a")), Math.abs((long) at(one, b) - at(other, "b")));
    }

    private static long distance(GridTask task, Item one, Item other) {
        return switch (task) {
            case ADDITION, MODULAR_ADDITION, BASE9_ADDITION ->
                Math.min(larger(one, other, "a", "b"), larger(one, other, "b", "a"));
            case LINEAR_REGRESSION, CHICKENS_AND_RABBITS -> larger(one, other, "a", "b");
        };
    }

    @ParameterizedTest
    @EnumSource
    void onEveryGridTheNearestIsThatOfAllPairs(GridTask task) {
        List<Item> items = Grids.of(task);
        assertNearest(Squares.of(70, 50, 6), 0, items, (one, other) -> distance(task, one, other));
        assertNearest(
                new DrawnSquares(1, new DrawnSquares.Bounds(5, 5)),
                1,
                items,
                (one, other) -> distance(task, one, other));
    }

    /// Points far apart, some of them several times.
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4})
    void amongScatteredPointsTheNearestIsThatOfAllPairs(long seed) {
        var random = new SplittableRandom(seed);
        int reach = seed % 2 == 0 ? 40 : 1_000_000_000;
        for (GridTask task : List.of(GridTask.ADDITION, GridTask.LINEAR_REGRESSION)) {
            List<Item> items = IntStream.range(0, 600)
                    .mapToObj(i -> Item.of(
                            "n" + i,
                            task.text(),
                            Map.of("a", random.nextInt(-reach, reach), "b", random.nextInt(-reach, reach)),
                            Map.of()))
                    .toList();
            assertNearest(new SplitRule.Random(0.6), seed, items, (one, other) -> distance(task, one, other));
        }
    }

    @Test
    void theMiddleOfASquareIsFarFromTraining() {
        SplitReport report = report("square:50,50,10", 0, Grids.of(GridTask.ADDITION));
        assertThat(report.distances()).hasSize(1);
        Map<Long, Integer> counts = report.distances().getFirst().counts();
        assertThat(counts)
                .hasSize(11)
                .containsEntry(1L, 80)
                .containsEntry(2L, 72)
                .containsEntry(11L, 1);
        assertThat(report.distances().getFirst().measured()).isEqualTo(441);
    }

    @Test
    void offTheDiagonalTheTwinIsTheNearestCaseWhereTheOrderDoesNotMatter() {
        for (GridTask task : GridTask.values()) {
            boolean commutative = switch (task) {
                case ADDITION, MODULAR_ADDITION, BASE9_ADDITION -> true;
                case LINEAR_REGRESSION, CHICKENS_AND_RABBITS -> false;
            };
            SplitReport report = report("square:40,25,4", 0, Grids.of(task));
            assertThat(report.items()).allMatch(item -> (nearest(item).distance() == 0) == commutative);
        }
    }

    /// Hu et al., section on scratchpads; recomputed in the notes of this project's experiments.
    @ParameterizedTest
    @CsvSource({"5, 121, 121", "10, 41, 441", "15, 561, 961", "20, 81, 1681"})
    void stepCoverageIsThePublishedStrictMap(int halfSide, int covered, int cells) {
        SplitReport.Coverage coverage = report(Squares.of(50, 50, halfSide), 0, Grids.of(GridTask.ADDITION))
                .coverage();
        assertThat(coverage.covered()).isEqualTo(covered);
        assertThat(coverage.items()).isEqualTo(cells);
        assertThat(coverage.steps()).isEqualTo(2L * cells);
    }

    @Test
    void tasksThatAddNothingTakeNoSteps() {
        for (GridTask task : List.of(GridTask.LINEAR_REGRESSION, GridTask.CHICKENS_AND_RABBITS)) {
            assertThat(report("square:70,50,5", 0, Grids.of(task)).items())
                    .allMatch(item -> item.steps() == null && item.stepsSeen() == null && !item.isCovered());
        }
    }

    @Test
    void aHeldOutDigitStepIsNotSeenAndAllOthersAre() {
        SplitReport report = report("digit-step:tens,4,4,1", 0, Grids.of(GridTask.ADDITION));
        assertThat(report.items()).hasSize(45).allSatisfy(item -> {
            assertThat(item.steps()).isEqualTo(2);
            assertThat(item.stepsSeen()).isEqualTo(1);
        });
    }

    @Test
    void basesDoNotShareTheirSteps() {
        List<Item> both = Stream.concat(
                        Grids.of(GridTask.ADDITION).stream(), Grids.of(GridTask.BASE9_ADDITION).stream())
                .toList();
        List<Item> held = both.stream()
                .map(item -> Item.of(item.id(), item.task(), item.coordinates(), Map.of("template", item.task())))
                .toList();
        SplitReport report = report("template:base9-addition", 0, held);
        assertThat(report.coverage()).isEqualTo(new SplitReport.Coverage(10_000, 0, 81 + 2 * 6480 + 3 * 3439, 0));
        assertThat(report.items()).allMatch(item -> item.nearest() == null);
    }

    @ParameterizedTest
    @CsvSource({"3, region:0.5, 0", "3, random:0.6, 1", "4, region:0.3333, 2", "4, random:0.7, 3"})
    void pairsOfStatesAreAsFarApartAsTheirStartsAndGoals(int blocks, String rule, long seed) {
        int[][] steps = BlocksworldUniverse.distances(new Blocksworld(blocks));
        assertNearest(
                RuleForm.parse(rule),
                seed,
                universe(blocks),
                (one, other) ->
                        (long) steps[at(one, "start")][at(other, "start")] + steps[at(one, "goal")][at(other, "goal")]);
    }

    @ParameterizedTest
    @CsvSource({"3, random:0.2", "4, random:0.05", "4, region:0.3333"})
    void aProblemIsRenamedWhereItsOrbitIsInTraining(int blocks, String rule) {
        List<Item> items = universe(blocks);
        Split split = Split.of(RuleForm.parse(rule), 4, items);
        Map<String, String> orbits = new HashMap<>();
        items.forEach(item ->
                orbits.put(item.id(), Objects.requireNonNull(item.labels().get("orbit"))));
        Set<String> trained = split.train().stream().map(orbits::get).collect(Collectors.toSet());
        List<Boolean> renamed = new ArrayList<>();
        for (HeldOut item : SplitReport.of(split, items, () -> {}).items()) {
            assertThat(nearest(item).renamed()).isEqualTo(trained.contains(orbits.get(item.id())));
            renamed.add(nearest(item).renamed());
        }
        assertThat(renamed).contains(true);
    }

    @Test
    void problemsAreFoundByTheirFactsWhereTheyHaveNoNumbers() {
        List<Item> numbered = Grids.universe(3, "plain");
        List<Item> told = numbered.stream()
                .map(item -> Item.of(item.id(), "blocksworld", Map.of(), item.labels()))
                .toList();
        List<Nearest> expected = report("random:0.6", 5, numbered).items().stream()
                .map(SplitReportTest::nearest)
                .toList();
        assertThat(report("random:0.6", 5, told).items())
                .extracting(SplitReportTest::nearest)
                .isEqualTo(expected);
    }

    @Test
    void aHeldOutSkinFindsItsProblemsInTheOthers() {
        List<Item> items = new ArrayList<>(Grids.universe(3, "plain"));
        items.addAll(Grids.universe(3, "random-per-corpus"));
        items.addAll(Grids.universe(3, "mystery").subList(0, 100));
        SplitReport report = report("skin:random-per-corpus", 0, items);
        assertThat(report.items()).hasSize(156).allSatisfy(item -> {
            assertThat(nearest(item).distance()).isZero();
            assertThat(nearest(item).ties()).isEqualTo(item.otherSkins());
        });
        assertThat(report.items().subList(0, 100)).allMatch(item -> Objects.equals(item.otherSkins(), 2));
        assertThat(report.items().subList(100, 156)).allMatch(item -> Objects.equals(item.otherSkins(), 1));
        assertThat(report("random:0.6", 0, Grids.universe(3, "plain")).items())
                .allMatch(item -> Objects.equals(item.otherSkins(), 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void aHeldOutLengthIsAsFarAsItIsLonger(int longest) {
        List<Item> items = IntStream.range(0, 90)
                .mapToObj(i -> Item.of("n" + i, "length-ladder", Map.of("digits", i % 9 + 1, "base", 10), Map.of()))
                .toList();
        SplitReport report = report(new SplitRule.Length(longest), 0, items);
        assertThat(report.items()).hasSize(10 * (9 - longest)).allSatisfy(item -> {
            int digits = Integer.parseInt(item.id().substring(1)) % 9 + 1;
            assertThat(nearest(item).distance()).isEqualTo(digits - longest);
            assertThat(nearest(item).ties()).isEqualTo(10);
        });
        assertThat(report.distances().getFirst().metric().name()).isEqualTo("length");
    }

    @Test
    void aGridHeldOutByLengthIsMeasuredByLength() {
        SplitReport report = report("length:1", 0, Grids.of(GridTask.ADDITION));
        assertThat(report.distances()).hasSize(1);
        assertThat(report.distances().getFirst().counts()).isEqualTo(Map.of(1L, 9900));
    }

    @Test
    void factsAreCountedAndHaveNoDistance() {
        List<Item> items = IntStream.range(0, 120)
                .mapToObj(i -> Item.of("n" + i, "capital", Map.of("fact", i % 10), Map.of("template", "t" + i % 3)))
                .toList();
        assertThat(report("fact:0.3", 2, items).items())
                .hasSize(36)
                .allMatch(item -> Objects.equals(item.sameFact(), 0) && item.nearest() == null);
        SplitReport byTemplate = report("template:t1", 2, items);
        assertThat(byTemplate.items()).hasSize(40).allMatch(item -> Objects.equals(item.sameFact(), 8));
        assertThat(byTemplate.distances())
                .isEqualTo(List.of(new SplitReport.Distances(new Metric.None("capital"), 40, Map.of())));
        assertThat(byTemplate.distances().getFirst().metric().meaning())
                .isEqualTo("no distance is defined for these items of the task \"capital\"");
    }
}
