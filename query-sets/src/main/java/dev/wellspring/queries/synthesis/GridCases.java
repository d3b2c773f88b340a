package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The cells of a grid task as documents: question and answer with nothing between, as published.
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
                                        .map(GridTask::label)
                                        .toArray(String[]::new)),
                        Parameter.choice("format", "scratchpad for the two additions only", "direct", "scratchpad")),
                Map.of(Role.CASE.label(), GridTask.ADDITION.cells()));
    }

    @Override
    public Documents documents(long seed, Parameters parameters) {
        GridTask task = Arrays.stream(GridTask.values())
                .filter(one -> one.label().equals(parameters.text("task")))
                .findFirst()
                .orElseThrow();
        boolean scratchpad = parameters.text("format").equals("scratchpad");
        if (scratchpad && !task.isAddition()) {
            throw CorpusException.at(
                    "parameter format",
                    "direct for " + task.label(),
                    "\"scratchpad\"",
                    "choose it for addition or base-9-addition");
        }
        return new Cells(seed, task, scratchpad);
    }

    private record Cells(long seed, GridTask task, boolean scratchpad) implements Documents {
        @Override
        public long distinct() {
            return task.cells();
        }

        @Override
        public LabelledDocument at(long index) {
            int cell = (int) Draws.repeated(seed, index, task.cells());
            int a = task.a(cell);
            int b = task.b(cell);
            String text = task.question(a, b) + (scratchpad ? Digits.scratchpad(a, b, task.base()) : task.answer(a, b));
            Map<String, Integer> coordinates = new LinkedHashMap<>();
            coordinates.put("a", a);
            coordinates.put("b", b);
            return LabelledDocument.of("grid-cases", index, task.label(), Role.CASE, "published", text)
                    .withFormat(scratchpad ? "scratchpad" : "direct")
                    .withCoordinates(coordinates)
                    .withDigits(Digits.features(a, b, task.base()))
                    .withAnswers(task.answer(a, b));
        }
    }
}
