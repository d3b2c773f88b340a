package dev.wellspring.queries.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.split.SplitRule.Square;
import dev.wellspring.queries.split.SplitRule.Squares;
import dev.wellspring.queries.synthesis.Digits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {
    private static final List<Item> GRID = IntStream.range(0, 10_000)
            .mapToObj(cell -> new Item(
                    Integer.toString(cell),
                    Map.of("a", cell / 100, "b", cell % 100, "length", cell % 7, "fact", cell % 50),
                    Map.of("skin", cell % 3 == 0 ? "plain" : "mystery", "template", "t" + cell % 4)))
            .toList();

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, -3})
    void everySplitIsDisjointAndComplete(long seed) {
        for (SplitRule rule : List.of(
                new SplitRule.Random(0.7),
                new Square(50, 50, 10),
                Squares.drawn(3, 100, 10, 19, seed),
                new SplitRule.Stripe(40, 60, 21),
                new SplitRule.Band(95, 105),
                new SplitRule.DigitStep(new Digits.Step(1, 4, 4, 1), 10),
                new SplitRule.Length(4),
                new SplitRule.Regions("a", "b", 1.0 / 3),
                new SplitRule.Skin("plain"),
                new SplitRule.Template("t2"),
                new SplitRule.Facts(0.2))) {
            Split split = Split.of(rule, seed, GRID);
            Set<String> all = new HashSet<>(split.train());
            all.addAll(split.test());
            assertThat(split.train().size() + split.test().size()).isEqualTo(GRID.size());
            assertThat(all).hasSize(GRID.size());
            assertThat(split.test()).isNotEmpty();
            assertThat(split.train()).isNotEmpty();
            assertThat(Split.of(rule, seed, GRID).digest()).isEqualTo(split.digest());
        }
    }

    @ParameterizedTest
    @CsvSource({"5, 121, 9879", "8, 289, 9711", "10, 441, 9559", "15, 961, 9039", "20, 1681, 8319"})
    void squaresHaveThePublishedSizes(int halfSide, int test, int train) {
        Split split = Split.of(new Square(50, 50, halfSide), 0, GRID);
        assertThat(split.test()).hasSize(test);
        assertThat(split.train()).hasSize(train);
    }

    @Test
    void otherSplitsHaveTheirSizes() {
        assertThat(Split.of(new SplitRule.Random(0.7), 5, GRID).train()).hasSize(7000);
        assertThat(Split.of(new SplitRule.Stripe(40, 60, 21), 5, GRID).test()).hasSize(441);
        assertThat(Split.of(new SplitRule.Facts(0.2), 5, GRID).test()).hasSize(2000);
        assertThat(Split.of(new SplitRule.Regions("a", "b", 0.3), 5, GRID).test())
                .hasSize(900);
        var published = new Squares(List.of(new Square(53, 33, 10), new Square(73, 78, 10), new Square(13, 31, 11)));
        assertThat(Split.of(published, 0, GRID).test()).hasSize(1411);
    }

    @Test
    void theSeedChangesWhatIsDrawnAndNothingElse() {
        var random = new SplitRule.Random(0.7);
        assertThat(Split.of(random, 1, GRID).test())
                .isNotEqualTo(Split.of(random, 2, GRID).test());
        var square = new Square(50, 50, 10);
        assertThat(Split.of(square, 1, GRID).test())
                .isEqualTo(Split.of(square, 2, GRID).test());
        assertThat(Split.of(square, 1, GRID).digest())
                .isNotEqualTo(Split.of(square, 2, GRID).digest());
    }

    @ParameterizedTest
    @CsvSource({"5, 121", "10, 41", "15, 561", "20, 81"})
    void stepCoverageIsThatOfTheStrictMap(int halfSide, int covered) {
        SplitReport report = SplitReport.of(Split.of(new Square(50, 50, halfSide), 0, GRID), GRID, true, 10);
        assertThat(report.items().stream().filter(SplitReport.HeldOut::isCovered))
                .hasSize(covered);
    }

    @Test
    void theMiddleOfASquareIsFarFromTraining() {
        Split split = Split.of(new Square(50, 50, 10), 0, GRID);
        List<Integer> distances = new ArrayList<>();
        SplitReport.of(split, GRID, true, 10).items().forEach(item -> distances.add(item.distance()));
        assertThat(distances.stream().filter(distance -> distance == 11)).hasSize(1);
        assertThat(distances.stream().filter(distance -> distance == 1)).hasSize(80);
    }

    @Test
    void offTheDiagonalTheTwinIsTheNearestCase() {
        Split split = Split.of(new Square(13, 31, 5), 0, GRID);
        assertThat(SplitReport.of(split, GRID, true, 10).items()).allMatch(item -> Objects.equals(item.distance(), 0));
        assertThat(SplitReport.of(split, GRID, false, 10).items()).anyMatch(item -> Objects.equals(item.distance(), 6));
    }

    @Test
    void anItemWithoutTheCoordinateIsNamed() {
        List<Item> items = List.of(new Item("x", Map.of("a", 1), Map.of()));
        assertThatThrownBy(() -> Split.of(new Square(1, 1, 1), 0, items))
                .isInstanceOf(CorpusException.class)
                .hasMessage("item x: expected a coordinate b, found [a]; split by something that every item has");
    }

    @Test
    void anIdThatIsThereTwiceIsRefused() {
        List<Item> items = List.of(GRID.getFirst(), GRID.getFirst());
        assertThatThrownBy(() -> Split.of(new SplitRule.Random(0.5), 0, items))
                .hasMessage("items: expected each id once, got 0 twice");
    }
}
