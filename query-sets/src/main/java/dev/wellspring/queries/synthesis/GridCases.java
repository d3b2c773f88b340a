package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.grid.AnswerFormat;
import dev.wellspring.queries.task.grid.Cell;
import dev.wellspring.queries.task.grid.GridProblem;
import dev.wellspring.queries.task.grid.GridTask;
import dev.wellspring.queries.task.grid.LeaveSquareOut;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The cells of a grid task as documents: what the queries of the same cells ask and how they answer, with nothing
/// between, as published.
final class GridCases implements DocumentFamily {
    @Override
    public String name() {
        return "grid-cases";
    }

    @Override
    public FamilyDescription describe() {
        return new FamilyDescription(
                "Problems of a grid task with their answers: one document per cell, question and answer run together.",
                "Hu et al. 2024, arXiv 2402.17709",
                List.of(
                        Parameter.choice(
                                "task",
                                "the grid",
                                Arrays.stream(GridTask.values())
                                        .map(GridTask::text)
                                        .toArray(String[]::new)),
                        Parameter.choice(
                                "format",
                                "how answers are written out, as far as the task's queries have it",
                                Arrays.stream(AnswerFormat.values())
                                        .map(AnswerFormat::text)
                                        .toArray(String[]::new))),
                Map.of(Role.CASE.label(), GridTask.ADDITION.size()));
    }

    @Override
    public Documents documents(long seed, Parameters parameters) {
        GridTask task = Arrays.stream(GridTask.values())
                .filter(one -> one.text().equals(parameters.text("task")))
                .findFirst()
                .orElseThrow();
        return new Cells(seed, new LeaveSquareOut(task), AnswerFormat.of(parameters.text("format"), task.formats()));
    }

    private record Cells(long seed, LeaveSquareOut queries, AnswerFormat format) implements Documents {
        @Override
        public long distinct() {
            return queries.task().size();
        }

        @Override
        public LabelledDocument at(long index) {
            GridTask task = queries.task();
            Cell cell = task.cell((int) Draws.repeated(seed, index, task.size()));
            var problem = new GridProblem(task, cell, format);
            return LabelledDocument.of("grid-cases", index, queries.name(), Role.CASE, "problem", problem.text())
                    .withFormat(format.text())
                    .withQuery(queries.id(cell))
                    .withCoordinates(problem.coordinates())
                    .withDigits(Digits.features(cell.a(), cell.b(), task.base()))
                    .withAnswers(problem.shown());
        }
    }
}
