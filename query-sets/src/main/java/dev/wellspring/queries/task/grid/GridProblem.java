package dev.wellspring.queries.task.grid;

import java.util.LinkedHashMap;
import java.util.Map;

/// One cell of a task's grid in one of the task's formats.
public record GridProblem(GridTask task, Cell cell, AnswerFormat format) implements WorkedProblem {
    /// Checks that the task has the format.
    public GridProblem {
        if (!task.formats().contains(format)) {
            throw new IllegalArgumentException(
                    "format of " + task.text() + ": expected one of " + task.formats() + ", got " + format);
        }
    }

    @Override
    public String prompt() {
        return switch (task) {
            case ADDITION, BASE9_ADDITION -> sum().prompt();
            case MODULAR_ADDITION, LINEAR_REGRESSION, CHICKENS_AND_RABBITS -> task.question(cell);
        };
    }

    @Override
    public String completion() {
        return switch (task) {
            case ADDITION, BASE9_ADDITION -> sum().completion();
            case MODULAR_ADDITION ->
                format == AnswerFormat.SCRATCHPAD
                        ? new Scratchpad(task.base()).modularSum(cell.a(), cell.b(), GridTask.MODULUS)
                        : answer();
            case LINEAR_REGRESSION, CHICKENS_AND_RABBITS -> answer();
        };
    }

    @Override
    public String answer() {
        return task.answer(cell);
    }

    @Override
    public String shown() {
        return switch (task) {
            case ADDITION, BASE9_ADDITION -> sum().shown();
            case MODULAR_ADDITION, LINEAR_REGRESSION, CHICKENS_AND_RABBITS -> answer();
        };
    }

    @Override
    public Map<String, Integer> coordinates() {
        Map<String, Integer> coordinates = new LinkedHashMap<>();
        coordinates.put("a", cell.a());
        coordinates.put("b", cell.b());
        return coordinates;
    }

    private Sum sum() {
        return new Sum(cell.a(), cell.b(), task.base(), format);
    }
}
