package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.arithmetic.ReasoningFamily;
import java.util.List;
import java.util.Map;

/// Problems of the reasoning tasks with their solutions, in the words of the queries and with operands as small as
/// theirs, but none of the published queries' steps or answers. A model that answers those queries has not read how
/// they
/// go on.
final class WorkedExamples implements DocumentFamily {
    private static final String NAME = "worked";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public FamilyDescription describe() {
        return new FamilyDescription(
                "Problems of the reasoning tasks, solved in the words of the queries; no step and no answer of a"
                        + " published query is among theirs.",
                "Ruis et al. 2024, arXiv 2411.12580",
                List.of(
                        ReasoningTasks.parameter(),
                        Parameter.of("varied", false, "true: phrases that mean the same take turns")),
                Map.of(Role.PROCEDURE.label(), 900));
    }

    @Override
    public Documents documents(long seed, Parameters parameters) {
        return new Worked(seed, ReasoningTasks.chosen(parameters), parameters.flag("varied"));
    }

    private record Worked(long seed, List<ReasoningFamily> tasks, boolean varied) implements Documents {
        @Override
        public long distinct() {
            return Long.MAX_VALUE;
        }

        @Override
        public LabelledDocument at(long index) {
            ReasoningFamily task = tasks.get((int) Draws.repeated(seed, index, tasks.size()));
            GeneratedQuery solved = task.apart(NAME + "-" + index, varied, Draws.at(seed, index));
            return LabelledDocument.of(
                            NAME, index, task.name(), Role.PROCEDURE, NAME, solved.prompt() + solved.completion())
                    .withFormat(NAME)
                    .withCoordinates(solved.coordinates())
                    .withAnswers(solved.answers().getFirst());
        }
    }
}
