package dev.wellspring.queries.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.grid.GridTask;
import dev.wellspring.queries.task.grid.Square;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {
    private static final List<Item> GRID = IntStream.range(0, 10_000)
            .mapToObj(cell -> Item.of(
                    Integer.toString(cell),
                    "addition",
                    Map.of(
                            "a", cell / 100,
                            "b", cell % 100,
                            "length", cell % 7,
                            "fact", cell % 50,
                            "start", cell / 100,
                            "goal", cell % 100),
                    Map.of("skin", cell % 3 == 0 ? "plain" : "mystery", "template", "t" + cell % 4)))
            .toList();

    private static final List<Item> UNIVERSE = Grids.universe(4, "plain");

    private static Split split(String rule, long seed) {
        return Split.of(RuleForm.parse(rule), seed, GRID);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, -3, Long.MIN_VALUE})
    void everySplitIsDisjointCompleteAndTheSameAgain(long seed) {
        List<String> ids = GRID.stream().map(Item::id).toList();
        Set<String> digests = new HashSet<>();
        for (RuleForm form : RuleForm.values()) {
            String rule = form == RuleForm.TEMPLATE ? "template:t2" : form.example();
            Split split = split(rule, seed);
            Set<String> train = Set.copyOf(split.train());
            Set<String> test = Set.copyOf(split.test());
            assertThat(split.train())
                    .as(rule)
                    .isEqualTo(ids.stream().filter(train::contains).toList());
            assertThat(split.test())
                    .as(rule)
                    .isEqualTo(ids.stream().filter(id -> !train.contains(id)).toList());
            assertThat(train.size() + test.size()).as(rule).isEqualTo(ids.size());
            assertThat(split.train()).isNotEmpty();
            assertThat(split.test()).isNotEmpty();
            assertThat(split(rule, seed)).isEqualTo(split);
            assertThat(digests.add(split.digest()))
                    .as("%s has a digest of its own", rule)
                    .isTrue();
            assertThat(split(rule, seed).digest()).isEqualTo(split.digest());
        }
    }

    @Test
    void theDigestIsOverRuleSeedAndIds() {
        Split split = split("square:50,50,10", 1);
        List<Item> renamed = new ArrayList<>(GRID);
        renamed.set(17, Item.of("other", "addition", GRID.get(17).coordinates(), Map.of()));
        assertThat(Split.of(split.rule(), 1, renamed).digest()).isNotEqualTo(split.digest());
        assertThat(split("square:50,50,10", 2).digest()).isNotEqualTo(split.digest());
        assertThat(split("square:50,50,10", 2).test()).isEqualTo(split.test());
        assertThat(split("squares:50,50,10;50,50,9", 1).test()).isEqualTo(split.test());
        assertThat(split("squares:50,50,10;50,50,9", 1).digest()).isNotEqualTo(split.digest());
    }

    @Test
    void theSeedChangesWhatIsDrawn() {
        for (String rule : List.of("random:0.7", "squares:3", "stripe:40-60,21", "region:0.33", "fact:0.2")) {
            assertThat(split(rule, 1).test())
                    .as(rule)
                    .isNotEqualTo(split(rule, 2).test());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ADDITION, square:50;50;5, 121, 9879",
        "ADDITION, square:50;50;8, 289, 9711",
        "ADDITION, square:50;50;10, 441, 9559",
        "ADDITION, square:50;50;15, 961, 9039",
        "ADDITION, square:50;50;20, 1681, 8319",
        "MODULAR_ADDITION, square:56;56;10, 441, 12328",
        "BASE9_ADDITION, square:50;50;10, 441, 9559",
        "LINEAR_REGRESSION, square:50;50;10, 441, 9559",
        "CHICKENS_AND_RABBITS, square:70;50;10, 441, 4609",
        "CHICKENS_AND_RABBITS, square:75;50;10, 432, 4618",
        "ADDITION, random:0.7, 3000, 7000",
        "MODULAR_ADDITION, random:0.7, 3831, 8938",
        "CHICKENS_AND_RABBITS, random:0.7, 1515, 3535",
        "ADDITION, stripe:40-60;21, 441, 9559",
        "ADDITION, band:95-105, 1069, 8931",
        "ADDITION, digit-step:units;4;4;0, 100, 9900",
        "ADDITION, digit-step:tens;4;4;0, 55, 9945",
        "ADDITION, digit-step:tens;4;4;1, 45, 9955",
        "BASE9_ADDITION, digit-step:units;4;4;0, 121, 9879",
        "ADDITION, length:1, 9900, 100",
        "BASE9_ADDITION, length:2, 3439, 6561"
    })
    void splitsOfTheGridsHaveTheirExactSizes(GridTask task, String rule, int test, int train) {
        for (long seed = 0; seed < 3; seed++) {
            Split split = Split.of(RuleForm.parse(rule.replace(';', ',')), seed, Grids.of(task));
            assertThat(split.test()).hasSize(test);
            assertThat(split.train()).hasSize(train);
            assertThat(split.untouched()).isZero();
        }
    }

    @Test
    void otherSplitsHaveTheirSizes() {
        assertThat(split("squares:53,33,10;73,78,10;13,31,11", 0).test()).hasSize(1411);
        assertThat(split("fact:0.2", 5).test()).hasSize(2000);
        assertThat(split("region:0.3", 5).test()).hasSize(900);
        assertThat(split("skin:plain", 5).test()).hasSize(3334);
        assertThat(split("template:t2", 5).test()).hasSize(2500);
        assertThat(split("length:4", 5).test()).hasSize(1428 + 1428);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5})
    void drawnSquaresAreDisjointInsideAndWithinBounds(long seed) {
        for (GridTask task : GridTask.values()) {
            Set<String> ids = Grids.of(task).stream().map(Item::id).collect(Collectors.toSet());
            List<Square> squares = new DrawnSquares(3, null).drawn(List.of(task), seed);
            boolean triangle = task == GridTask.CHICKENS_AND_RABBITS;
            List<String> cells = squares.stream()
                    .flatMap(square -> IntStream.rangeClosed(-square.halfSide(), square.halfSide())
                            .boxed()
                            .flatMap(i -> IntStream.rangeClosed(-square.halfSide(), square.halfSide())
                                    .mapToObj(j ->
                                            task.text() + "-" + (square.centreA() + i) + "-" + (square.centreB() + j))))
                    .toList();
            assertThat(squares)
                    .hasSize(3)
                    .allSatisfy(
                            square -> assertThat(square.halfSide()).isBetween(triangle ? 5 : 10, triangle ? 14 : 19));
            assertThat(Set.copyOf(cells)).hasSameSizeAs(cells);
            assertThat(ids.containsAll(cells)).isTrue();
            Split split = Split.of(new DrawnSquares(3, null), seed, Grids.of(task));
            assertThat(Set.copyOf(split.test())).isEqualTo(Set.copyOf(cells));
            assertThat(split.parameters().get("squares"))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .hasSize(3);
        }
    }

    @Test
    void moreSquaresThanThereIsRoomForAreRefused() {
        assertThatThrownBy(() -> split("squares:9,19-19", 0))
                .isInstanceOf(CorpusException.class)
                .hasMessageStartingWith("rule squares:9,19-19: expected room for 9 disjoint squares, found room for ");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 11})
    void aRegionHoldsOutThePairsWithBothEndsInIt(long seed) {
        Split split = Split.of(RuleForm.parse("region:0.3333"), seed, UNIVERSE);
        Set<Object> region =
                Set.copyOf((List<?>) Objects.requireNonNull(split.parameters().get("states")));
        assertThat(UNIVERSE).hasSize(5256);
        assertThat(region).hasSize(24);
        assertThat(split.test()).hasSize(24 * 23);
        Predicate<Item> inside = item -> region.contains(item.coordinates().get("start"))
                && region.contains(item.coordinates().get("goal"));
        assertThat(split.test())
                .isEqualTo(UNIVERSE.stream().filter(inside).map(Item::id).toList());
    }

    @Test
    void statesOfDifferentWorldsAreNotMixed() {
        List<Item> both = Stream.concat(Grids.universe(3, "plain").stream(), UNIVERSE.stream())
                .toList();
        assertThatThrownBy(() -> Split.of(RuleForm.parse("region:0.3"), 0, both))
                .hasMessageContaining("expected problems of one world, found problems of [3, 4] blocks");
    }

    @Test
    void whatARuleHasNoSayAboutStaysInTraining() {
        List<Item> mixed = new ArrayList<>(GRID);
        mixed.add(Item.of("two-step", "two-step-arithmetic", Map.of("a", 50, "b", 50, "c", 2), Map.of()));
        mixed.add(Item.of("prose", "filler", Map.of(), Map.of()));
        Split split = Split.of(RuleForm.parse("square:50,50,10"), 0, mixed);
        assertThat(split.test()).hasSize(441);
        assertThat(split.train()).endsWith("two-step", "prose");
        assertThat(split.untouched()).isEqualTo(2);
    }

    @Test
    void aRuleThatNoItemMeetsIsRefused() {
        List<Item> items = List.of(Item.of("x", "addition", Map.of("a", 1), Map.of()));
        assertThatThrownBy(() -> Split.of(RuleForm.parse("square:1,1,1"), 0, items))
                .isInstanceOf(CorpusException.class)
                .hasMessageStartingWith("rule square:1,1,1: expected items with coordinates a and b, and a grid task")
                .hasMessageEndingWith("found none among 1 items; choose a rule that looks at what they have");
    }

    @ParameterizedTest
    @ValueSource(strings = {"square:500,500,10", "square:50,50,100", "length:9"})
    void anEmptyPartIsRefused(String rule) {
        assertThatThrownBy(() -> split(rule, 0))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("expected some items to learn from and some held out");
    }

    @Test
    void aSkinOrTemplateThatIsNotThereIsToldWhichAre() {
        assertThatThrownBy(() -> split("skin:secret", 0))
                .hasMessage("rule skin:secret: expected a skin of the items: mystery, plain, found \"secret\"; choose"
                        + " one of them");
        assertThatThrownBy(() -> split("template:t9", 0)).hasMessageContaining("t0, t1, t2, t3");
    }

    @Test
    void moreColumnsThanThereAreAreRefused() {
        assertThatThrownBy(() -> split("stripe:40-60,101", 0)).hasMessageContaining("at most 100 columns");
    }

    @Test
    void anIdThatIsThereTwiceIsRefused() {
        List<Item> items = List.of(GRID.getFirst(), GRID.getFirst());
        assertThatThrownBy(() -> Split.of(new SplitRule.Random(0.5), 0, items))
                .isInstanceOf(CorpusException.class)
                .hasMessage("item 0: expected each id once, found it twice; give each item its own");
    }
}
