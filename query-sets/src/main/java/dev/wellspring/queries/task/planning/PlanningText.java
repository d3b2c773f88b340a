package dev.wellspring.queries.task.planning;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Exercises in words: the prompt format of Valmeekam et al., in any skin.
public final class PlanningText {
    /// Ends a plan.
    public static final String PLAN_END = "[PLAN END]";

    private final Skin skin;

    /// Texts in the words of a skin.
    public PlanningText(Skin skin) {
        this.skin = skin;
    }

    /// The domain, the worked examples and the last exercise without its answer.
    public String prompt(List<Exercise> exercises) {
        Exercise asked = exercises.getLast();
        StringBuilder prompt = new StringBuilder(skin.description(asked.task() == PlanningTask.OPTIMAL));
        for (Exercise example : exercises.subList(0, exercises.size() - 1)) {
            prompt.append('\n')
                    .append(question(example))
                    .append(answer(example))
                    .append('\n');
        }
        return prompt.append('\n').append(question(asked)).toString();
    }

    /// An exercise up to where its answer begins.
    public String question(Exercise exercise) {
        return "[STATEMENT]\nAs initial conditions I have that, "
                + list(exercise.before().facts()) + ".\n"
                + switch (exercise.task()) {
                    case GENERATION, REUSE, GENERALISATION, SHUFFLED_GOALS, FEWER_GOALS, MORE_GOALS ->
                        goal(exercise) + "\nMy plan is as follows:\n\n[PLAN]\n";
                    case OPTIMAL ->
                        goal(exercise) + "I want to minimize the time taken to achieve my goal.\n"
                                + "\nMy plan is as follows:\n\n[PLAN]\n";
                    case VERIFICATION ->
                        goal(exercise) + "\nMy plan is as follows:\n\n[PLAN]\n" + plan(exercise.shown())
                                + "\n\n[VERIFICATION]\n";
                    case REPLANNING -> goal(exercise) + actions(exercise) + surprise(exercise) + "[PLAN]\n";
                    case EXECUTION -> actions(exercise) + "[RESULTING STATE]\n";
                };
    }

    /// The answer to an exercise: the completion that continues [#question].
    public String answer(Exercise exercise) {
        return switch (exercise.task()) {
            case VERIFICATION -> verdict(exercise);
            case EXECUTION ->
                list(changing(exercise.problem(), exercise.problem().after(exercise.shown()))) + ".";
            case GENERATION, OPTIMAL, REUSE, GENERALISATION, REPLANNING, SHUFFLED_GOALS, FEWER_GOALS, MORE_GOALS ->
                plan(exercise.plan());
        };
    }

    /// The steps, one in a line, and the end mark.
    public String plan(List<Step> steps) {
        return lines(steps) + "\n" + PLAN_END;
    }

    /// A plan carried out: after every step the facts that can change.
    public String trace(Problem problem, List<Step> steps) {
        StringBuilder trace = new StringBuilder();
        State state = problem.start();
        trace.append("At the start, ").append(list(changing(problem, state))).append(".\n");
        for (Step step : steps) {
            state = problem.domain().action(step).apply(state);
            trace.append("I ").append(skin.say(step)).append(". Now ");
            trace.append(list(changing(problem, state))).append(".\n");
        }
        return trace.toString();
    }

    /// The facts with commas, the last after `and`.
    public String list(List<Fact> facts) {
        List<String> said = facts.stream().map(skin::say).toList();
        return said.size() < 2
                ? String.join("", said)
                : String.join(", ", said.subList(0, said.size() - 1)) + " and " + said.getLast();
    }

    static List<Fact> changing(Problem problem, State state) {
        return state.of(problem.domain().changing());
    }

    private String lines(List<Step> steps) {
        return steps.stream().map(skin::say).collect(Collectors.joining("\n"));
    }

    private String goal(Exercise exercise) {
        return "My goal is to have that " + list(exercise.problem().goal()) + ".\n";
    }

    private String actions(Exercise exercise) {
        return "\nI have executed the following action sequence:\n\n[ACTION SEQUENCE]\n" + lines(exercise.shown())
                + "\n[ACTION SEQUENCE END]\n\n";
    }

    private String surprise(Exercise exercise) {
        State expected = exercise.problem().from(exercise.before()).after(exercise.shown());
        State found = exercise.problem().start();
        return "Then an unexpected event has occurred. As a result of it, the following facts are now false: "
                + list(without(expected, found)) + ". The following facts are now true: "
                + list(without(found, expected)) + ".\nMy plan from here is as follows:\n\n";
    }

    private static List<Fact> without(State facts, State others) {
        Set<Fact> known = Set.copyOf(others.facts());
        return facts.facts().stream().filter(fact -> !known.contains(fact)).toList();
    }

    private String verdict(Exercise exercise) {
        PlanVerdict verdict = PlanVerdict.of(exercise.problem(), exercise.shown());
        if (verdict.valid()) {
            return "The above plan is valid.";
        }
        return verdict.executable()
                ? "The above plan is invalid. One unmet goal is: "
                        + skin.say(verdict.unmetGoals().getFirst()) + "."
                : "The above plan is invalid. The action at step " + (verdict.executedSteps() + 1)
                        + " is not executable. One unmet precondition is: "
                        + skin.say(verdict.unmetPreconditions().getFirst()) + ".";
    }
}
