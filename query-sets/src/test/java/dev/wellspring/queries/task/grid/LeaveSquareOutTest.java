package dev.wellspring.queries.task.grid;

import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.QueryFamilyContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;

class LeaveSquareOutTest {
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
            int a = query.coordinates().getOrDefault("a", 0);
            int b = query.coordinates().getOrDefault("b", 0);
            String next = task.answer(new Cell(a + 1, b));
            return List.of(next, query.completion() + "\n" + next);
        }
    }

    @Nested
    class AdditionTest extends GridContract {
        AdditionTest() {
            super(GridTask.ADDITION, AnswerFormat.SCRATCHPAD);
        }
    }

    @Nested
    class ModularAdditionTest extends GridContract {
        ModularAdditionTest() {
            super(GridTask.MODULAR_ADDITION, AnswerFormat.SCRATCHPAD);
        }
    }

    @Nested
    class Base9AdditionTest extends GridContract {
        Base9AdditionTest() {
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
