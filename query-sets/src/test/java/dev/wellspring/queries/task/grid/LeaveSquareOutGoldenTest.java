package dev.wellspring.queries.task.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.GeneratedQuery;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sizes and formats as counted in the data of Hu et al. (arXiv 2402.17709); the scratchpad's closed form as computed
/// from the published maps.
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
    @CsvSource({"ADDITION, 1411", "BASE9_ADDITION, 1899", "LINEAR_REGRESSION, 2243", "MODULAR_ADDITION, 3187"})
    void threePublishedSquaresAreDisjoint(GridTask task, int test) {
        assertThat(testCells(task, Map.of("squares", "three"))).isEqualTo(test);
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ADDITION|40|40|40+40=|80",
                "MODULAR_ADDITION|46|46|46+46=|92",
                "MODULAR_ADDITION|100|20|100+20=|7",
                "BASE9_ADDITION|40|40|44+44=|88",
                "LINEAR_REGRESSION|40|40|(40,40)=|123",
                "CHICKENS_AND_RABBITS|60|40|Rabbits have 4 legs and 1 head. Chickens have 2 legs and 1 head. There are"
                        + " 120 legs and 40 heads on the farm. How many rabbits and chickens are there?|There are 20"
                        + " rabbits and 20 chickens."
            })
    void questionsAndAnswersAreThePublished(GridTask task, int a, int b, String question, String answer) {
        var cell = new Cell(a, b);
        assertThat(task.question(cell).strip()).isEqualTo(question);
        assertThat(task.answer(cell)).isEqualTo(answer);
    }

    @Test
    void scratchpadIsThePublished() {
        assertThat(new Scratchpad(10).sum(59, 13)).isEqualTo("59+13,,C:0\n5+1,2,C:1\n+,72,C:0\n72");
        assertThat(new Scratchpad(10).sum(59, 43)).isEqualTo("59+43,,C:0\n5+4,2,C:1\n+,02,C:1\n+,102,C:0\n102");
        assertThat(new Scratchpad(9).sum(40, 40)).isEqualTo("44+44,,C:0\n4+4,8,C:0\n+,88,C:0\n88");
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
        assertThatThrownBy(() -> testCells(GridTask.CHICKENS_AND_RABBITS, Map.of("squares", "three")))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("none are published for lso-chickens-and-rabbits");
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
