package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.task.planning.Exercise;
import dev.wellspring.queries.task.planning.Fact;
import dev.wellspring.queries.task.planning.Flaw;
import dev.wellspring.queries.task.planning.PlanProblem;
import dev.wellspring.queries.task.planning.PlanProblems;
import dev.wellspring.queries.task.planning.PlanningTask;
import dev.wellspring.queries.task.planning.PlanningText;
import dev.wellspring.queries.task.planning.Skin;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Documents about planning problems.
///
/// @param round the kinds of as many documents, which come in another order in every round
/// @param described whether documents about a problem begin with the domain's rules
record ToldPlans(long seed, PlanProblems problems, List<PlanKind> round, boolean described) implements Documents {
    /// Copies the list.
    ToldPlans {
        round = List.copyOf(round);
    }

    /// Until a problem is told again as the same kind; rules are told again all the time.
    @Override
    public long distinct() {
        if (round.stream().allMatch(kind -> kind == PlanKind.DESCRIPTION)
                && problems.skin(0).seed() == problems.skin(1).seed()) {
            return 1;
        }
        if (problems.isEndless()) {
            return Long.MAX_VALUE;
        }
        int most = round.stream()
                .filter(kind -> kind != PlanKind.DESCRIPTION)
                .mapToInt(kind -> Collections.frequency(round, kind))
                .max()
                .orElse(round.size());
        return Math.max(1, problems.count() / most) * (long) round.size();
    }

    @Override
    public LabelledDocument at(long index) {
        PlanKind kind = kind(index);
        int problem = problem(index);
        return switch (kind) {
            case PLAN -> plan(index, problems.at(problem));
            case TRACE -> trace(index, problems.at(problem));
            case VERIFICATION ->
                verification(index, problems.at(problem), new SplittableRandom(Draws.hash(seed, number(index))));
            case DESCRIPTION -> description(index, problems.skin(problem));
        };
    }

    /// The words that a document is told in.
    Skin skin(long index) {
        return problems.skin(problem(index));
    }

    private PlanKind kind(long index) {
        return round.get((int) Draws.repeated(seed, index, round.size()));
    }

    /// How many documents of the same kind come before it.
    private long number(long index) {
        PlanKind kind = kind(index);
        return index / round.size() * Collections.frequency(round, kind)
                + Draws.repeated(seed, index, round.size())
                - round.indexOf(kind);
    }

    /// The number of the problem that it is about.
    private int problem(long index) {
        return problems.isEndless()
                ? (int) (number(index) % problems.count())
                : (int) Draws.repeated(
                        Draws.hash(seed, kind(index).template().hashCode()), number(index), problems.count());
    }

    private LabelledDocument plan(long index, PlanProblem problem) {
        Exercise exercise = Exercise.plan(PlanningTask.GENERATION, problem.solved());
        PlanningText text = new PlanningText(problem.skin());
        return document(
                index,
                PlanKind.PLAN,
                problem,
                Map.of(),
                text.question(exercise) + text.answer(exercise),
                text.lines(problem.solved().plan()).strip());
    }

    private LabelledDocument trace(long index, PlanProblem problem) {
        List<Fact> end =
                problem.solved().problem().after(problem.solved().plan()).facts();
        return document(
                index,
                PlanKind.TRACE,
                problem,
                Map.of(),
                new PlanningText(problem.skin()).trace(problem.solved()),
                problem.skin().list(end));
    }

    private LabelledDocument verification(long index, PlanProblem problem, SplittableRandom random) {
        Exercise exercise = Flaw.any(random).in(problem.solved(), random);
        PlanningText text = new PlanningText(problem.skin());
        String answer = text.answer(exercise);
        return document(
                index,
                PlanKind.VERIFICATION,
                problem,
                exercise.truth(),
                text.question(exercise) + answer,
                answer.strip());
    }

    private LabelledDocument document(
            long index, PlanKind kind, PlanProblem problem, Map<String, Integer> truth, String text, String answer) {
        Map<String, Integer> coordinates = new LinkedHashMap<>(problem.coordinates());
        coordinates.put("optimal_length", problem.solved().plan().size());
        coordinates.putAll(truth);
        String rules = described ? problem.skin().description(false) + "\n" : "";
        return new LabelledDocument(
                "plans-" + index,
                "plans",
                rules + text,
                problem.family(),
                kind.role(),
                kind.template(),
                kind.format(),
                problem.skin().name(),
                problem.query(),
                coordinates,
                Map.of(),
                List.of(answer));
    }

    private LabelledDocument description(long index, Skin skin) {
        return new LabelledDocument(
                "plans-" + index,
                "plans",
                skin.description(false),
                problems.family(),
                PlanKind.DESCRIPTION.role(),
                PlanKind.DESCRIPTION.template(),
                PlanKind.DESCRIPTION.format(),
                skin.name(),
                null,
                Map.of(),
                Map.of(),
                List.of());
    }
}
