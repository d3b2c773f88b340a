package dev.wellspring.queries.task.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.Sha256;
import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.GeneratedQuery;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sizes and digests as counted in the data of Hu et al. (arXiv 2402.17709), GraphPKU/Case_or_Rule at 1f96b05; the
/// scratchpad's closed form as computed from the published maps.
class LeaveSquareOutGoldenTest {
    @ParameterizedTest
    @CsvSource({
        "ADDITION, 9559, 441",
        "MODULAR_ADDITION, 12328, 441",
        "BASE9_ADDITION, 9559, 441",
        "LINEAR_REGRESSION, 9559, 441",
        "CHICKENS_AND_RABBITS, 4609, 441"
    })
    void publishedSquareLeavesOut441Cells(GridTask task, int train, int test) {
        assertThat(new LeaveSquareOut(task).describe().counts()).isEqualTo(Map.of("train", train, "test", test));
        assertThat(testCells(task, Map.of())).isEqualTo(test);
    }

    @ParameterizedTest
    @CsvSource({"5, 121, 9879", "8, 289, 9711", "10, 441, 9559", "15, 961, 9039", "20, 1681, 8319"})
    void otherHalfSidesLeaveOutTheirSquares(int halfSide, int test, int train) {
        Map<String, String> parameters = Map.of("half-side", Integer.toString(halfSide));
        assertThat(testCells(GridTask.ADDITION, parameters)).isEqualTo(test);
        assertThat(10_000 - testCells(GridTask.ADDITION, parameters)).isEqualTo(train);
    }

    @ParameterizedTest
    @CsvSource({
        "ADDITION, 1411, 2155, 2363",
        "BASE9_ADDITION, 1899, 1907, 2459",
        "LINEAR_REGRESSION, 2243, 1931, 2339",
        "MODULAR_ADDITION, 3187, 2803, 2811",
        "CHICKENS_AND_RABBITS, 363, 459, 507"
    })
    void publishedSetsOfThreeSquaresLeaveOutTheirCells(GridTask task, int first, int second, int third) {
        assertThat(testCells(task, Map.of("squares", "three"))).isEqualTo(first);
        for (int test : List.of(first, second, third)) {
            assertThat(testCells(task, Map.of("squares", "three-" + test))).isEqualTo(test);
        }
    }

    @ParameterizedTest
    @CsvSource({"ADDITION, 441", "MODULAR_ADDITION, 441", "BASE9_ADDITION, 441", "LINEAR_REGRESSION, 441"})
    void columnSplitLeavesOutTwentyOneColumnsOfTheSquaresRows(GridTask task, int test) {
        assertThat(testCells(task, Map.of("split", "stripe"))).isEqualTo(test);
    }

    @Test
    void squareAtTheEdgeOfTheTriangleIsCut() {
        assertThat(testCells(GridTask.CHICKENS_AND_RABBITS, Map.of("squares", "75,50,10")))
                .isEqualTo(432);
    }

    @ParameterizedTest
    @CsvSource({
        "ADDITION, 3000",
        "MODULAR_ADDITION, 3831",
        "BASE9_ADDITION, 3000",
        "LINEAR_REGRESSION, 3000",
        "CHICKENS_AND_RABBITS, 1515"
    })
    void randomSplitKeepsSeventyPercent(GridTask task, int test) {
        assertThat(testCells(task, Map.of("split", "random"))).isEqualTo(test);
    }

    @ParameterizedTest
    @CsvSource({"5, 55, 121", "10, 165, 441", "15, 420, 961", "20, 550, 1681"})
    void closedFormGivesThePublishedMeans(int halfSide, int right, int cells) {
        Square square = GridTask.ADDITION.square(halfSide);
        assertThat(new ScratchpadMap(square).right()).isEqualTo(right);
        assertThat(GridTask.ADDITION.cells().filter(square::contains)).hasSize(cells);
    }

    /// Each digest is that of all published records in the order of their ids, question and answer run together and
    /// each with a line end. Of the shipped base-9 scratchpads 564 repeat their last line; it is taken once.
    @ParameterizedTest
    @CsvSource({
        "ADDITION, DIRECT, 86333c4721e0d531b622b2e6e0b25f11e1b13317e24b9ac452e626dca5d71bd4",
        "ADDITION, SCRATCHPAD, cd42844d42aaf73a3b6250c6505d376d02b22c8c4ceeb3a615b8f40d2b6f4b20",
        "BASE9_ADDITION, DIRECT, 990b7462717b245dc7480760bec5aad8d7bfc7f0c4411795f7718d1766f18da3",
        "BASE9_ADDITION, SCRATCHPAD, 6628142d9a90eb3262b88f805779000ee164c30c621bec7237ee8019ee8c7858",
        "MODULAR_ADDITION, DIRECT, 09b6f443b133f722b752af76c321f0f17ec22bb6a7890f9e16474475416a40c5",
        "MODULAR_ADDITION, SCRATCHPAD, 40e0636ae924d3b4205b9ff7fc3a104230cc6170adc85631fe790d3391db0d89",
        "LINEAR_REGRESSION, DIRECT, 942fcd6e1f8fec5ddad225b09f01dd1ab183e1febd44a11714b53f48338bb7c5",
        "CHICKENS_AND_RABBITS, DIRECT, c8bbc25bd3a2b43bb39dbf40e2127dfd88682b77a93dfd42ef0c1f8487060ed2"
    })
    void everyCellIsThePublishedRecord(GridTask task, AnswerFormat format, String digest) {
        assertThat(Sha256.of(task.cells()
                        .map(cell -> new GridProblem(task, cell, format).text() + "\n")
                        .collect(Collectors.joining())))
                .isEqualTo(digest);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ADDITION|4040|40+40=|80",
                "MODULAR_ADDITION|5244|46+46=|92",
                "MODULAR_ADDITION|11320|100+20=|7",
                "BASE9_ADDITION|4040|44+44=|88",
                "LINEAR_REGRESSION|4040|(40,40)=|123",
                "CHICKENS_AND_RABBITS|840|Rabbits have 4 legs and 1 head. Chickens have 2 legs and 1 head. There are"
                        + " 120 legs and 40 heads on the farm. How many rabbits and chickens are there?|There are 20"
                        + " rabbits and 20 chickens."
            })
    void recordsHaveThePublishedNumbers(GridTask task, int id, String question, String answer) {
        var problem = new GridProblem(task, task.cell(id), AnswerFormat.DIRECT);
        assertThat(problem.prompt()).isEqualTo(question);
        assertThat(problem.completion()).isEqualTo(answer);
    }

    @Test
    void scratchpadIsThePublished() {
        assertThat(new Scratchpad(10).sum(40, 40)).isEqualTo("40+40,,C:0\n4+4,0,C:0\n+,80,C:0\n80");
        assertThat(new Scratchpad(10).sum(59, 13)).isEqualTo("59+13,,C:0\n5+1,2,C:1\n+,72,C:0\n72");
        assertThat(new Scratchpad(10).sum(0, 0)).isEqualTo("0+0,,C:0\n+,0,C:0\n0");
        assertThat(new Scratchpad(10).sum(59, 43)).isEqualTo("59+43,,C:0\n5+4,2,C:1\n+,02,C:1\n+,102,C:0\n102");
        assertThat(new Scratchpad(9).sum(40, 40)).isEqualTo("44+44,,C:0\n4+4,8,C:0\n+,88,C:0\n88");
        assertThat(new Scratchpad(10).commentedSum(59, 13))
                .isEqualTo("59+13,,C:0\n# added 9+3+0=2\n5+1,2,C:1\n# added 5+1+1=7\n+,72,C:0");
    }

    @Test
    void modularScratchpadComparesAndSubtracts() {
        assertThat(new Scratchpad(10).modularSum(46, 46, 113))
                .isEqualTo("46+46,,C:0\n4+4,2,C:1\n+,92,C:0\n92\n92<113\n92");
        assertThat(new Scratchpad(10).modularSum(100, 20, 113))
                .isEqualTo("100+20,,C:0\n10+2,0,C:0\n1+,20,C:0\n+,120,C:0\n120\n120>=113\n120-113=\n"
                        + "120-113,,C:0\n12-11,7,C:-1\n1-1,07,C:0\n-,007,C:0\n7");
    }

    @Test
    void unpublishedSquaresAndFormatsAreRefused() {
        assertThatThrownBy(() -> testCells(GridTask.CHICKENS_AND_RABBITS, Map.of("squares", "three-1411")))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("found \"three-1411\"");
        assertThatThrownBy(() -> testCells(GridTask.LINEAR_REGRESSION, Map.of("format", "scratchpad")))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("expected direct");
        assertThatThrownBy(() -> testCells(GridTask.ADDITION, Map.of("squares", "50,50")))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("found \"50,50\"");
    }

    private static long testCells(GridTask task, Map<String, String> parameters) {
        var family = new LeaveSquareOut(task);
        return family.generate(7, family.describe().parameters(parameters))
                .map(GeneratedQuery::splitRole)
                .filter("test"::equals)
                .count();
    }
}
