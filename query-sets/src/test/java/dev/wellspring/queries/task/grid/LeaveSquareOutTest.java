package dev.wellspring.queries.task.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.QueryFamilyContract;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeaveSquareOutTest {
    @ParameterizedTest
    @EnumSource
    void cellsAreNumberedOnce(GridTask task) {
        assertThat(task.cells().distinct()).hasSize(task.size());
        assertThat(task.cells().skip(task.size() / 2).findFirst()).contains(task.cell(task.size() / 2));
    }

    @Test
    void everyFarmHasWholeAnimals() {
        assertThat(GridTask.CHICKENS_AND_RABBITS.cells())
                .hasSize(5050)
                .allMatch(cell -> cell.a() >= cell.b() && cell.a() <= 2 * cell.b() && cell.b() < 100);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -7, 123_456_789_012L})
    void aStripeCrossesTheSquaresRowsWithRandomColumns(long seed) {
        Set<Cell> test = testCells(seed);
        Set<Integer> columns = test.stream().map(Cell::b).collect(Collectors.toSet());
        assertThat(columns).hasSize(21);
        assertThat(test).hasSize(441).allMatch(cell -> cell.a() >= 40 && cell.a() <= 60 && columns.contains(cell.b()));
        assertThat(testCells(seed + 1)).isNotEqualTo(test);
    }

    private static Set<Cell> testCells(long seed) {
        QueryFamily family = new LeaveSquareOut(GridTask.ADDITION);
        return family.generate(seed, family.describe().parameters(Map.of("split", "stripe")))
                .filter(query -> "test".equals(query.splitRole()))
                .map(LeaveSquareOutTest::cell)
                .collect(Collectors.toSet());
    }

    private static Cell cell(GeneratedQuery query) {
        return new Cell(
                query.coordinates().getOrDefault("a", -1), query.coordinates().getOrDefault("b", -1));
    }

    private abstract static class GridContract extends QueryFamilyContract {
        private final GridTask task;
        private final AnswerFormat format;

        GridContract(GridTask task, AnswerFormat format) {
            this.task = task;
            this.format = format;
        }

        @Override
        protected QueryFamily family() {
            return new LeaveSquareOut(task);
        }

        @Override
        protected Map<String, String> parameters() {
            return Map.of("format", format.text());
        }

        /// The answers of the neighbours, which are other numbers.
        @Override
        protected List<String> wrongVariants(GeneratedQuery query) {
            Cell cell = cell(query);
            String next = task.answer(new Cell(cell.a() + 1, cell.b()));
            String written =
                    format == AnswerFormat.RULE_FOLLOWING ? "result=[" + String.join(", ", next.split("")) + "]" : next;
            return List.of(written, query.completion() + "\n" + written);
        }
    }

    @Nested
    class AdditionTest extends GridContract {
        AdditionTest() {
            super(GridTask.ADDITION, AnswerFormat.DIRECT);
        }
    }

    @Nested
    class AdditionScratchpadTest extends GridContract {
        AdditionScratchpadTest() {
            super(GridTask.ADDITION, AnswerFormat.SCRATCHPAD);
        }
    }

    @Nested
    class AdditionRuleTest extends GridContract {
        AdditionRuleTest() {
            super(GridTask.ADDITION, AnswerFormat.RULE_FOLLOWING);
        }
    }

    @Nested
    class ModularAdditionTest extends GridContract {
        ModularAdditionTest() {
            super(GridTask.MODULAR_ADDITION, AnswerFormat.DIRECT);
        }
    }

    @Nested
    class ModularAdditionScratchpadTest extends GridContract {
        ModularAdditionScratchpadTest() {
            super(GridTask.MODULAR_ADDITION, AnswerFormat.SCRATCHPAD);
        }
    }

    @Nested
    class Base9AdditionTest extends GridContract {
        Base9AdditionTest() {
            super(GridTask.BASE9_ADDITION, AnswerFormat.SCRATCHPAD);
        }
    }

    @Nested
    class Base9AdditionCompactTest extends GridContract {
        Base9AdditionCompactTest() {
            super(GridTask.BASE9_ADDITION, AnswerFormat.COMPACT);
        }
    }

    @Nested
    class LinearRegressionTest extends GridContract {
        LinearRegressionTest() {
            super(GridTask.LINEAR_REGRESSION, AnswerFormat.DIRECT);
        }
    }

    @Nested
    class ChickensAndRabbitsTest extends GridContract {
        ChickensAndRabbitsTest() {
            super(GridTask.CHICKENS_AND_RABBITS, AnswerFormat.DIRECT);
        }
    }
}
