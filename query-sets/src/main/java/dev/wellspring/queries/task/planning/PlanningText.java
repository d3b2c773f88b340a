package dev.wellspring.queries.task.planning;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Exercises in words, in any skin: the prompts of PlanBench (Valmeekam et al.), letter by letter, spaces at the
/// end of lines and a missing one after a full stop included.
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
                    .append(after(example));
        }
        return prompt.append('\n')
                .append(question(asked))
                .append(asked.task() == PlanningTask.OPTIMAL ? " " : "")
                .toString();
    }

    /// What stands between the answer to an example and the line before the next statement.
    private static String after(Exercise example) {
        return switch (example.task()) {
            case REUSE -> "\n ";
            case VERIFICATION ->
                PlanVerdict.of(example.problem(), example.shown()).valid() ? "\n" : "";
            case GENERATION, OPTIMAL, GENERALISATION, REPLANNING, EXECUTION, SHUFFLED_GOALS, FEWER_GOALS, MORE_GOALS ->
                "\n";
        };
    }

    /// An exercise up to where its answer begins.
    public String question(Exercise exercise) {
        String initial = initial(exercise.before()) + ".\n";
        return initial
                + switch (exercise.task()) {
                    case GENERATION, GENERALISATION, SHUFFLED_GOALS, FEWER_GOALS, MORE_GOALS ->
                        goal(exercise.problem()) + ".\n\nMy plan is as follows:\n\n[PLAN]";
                    case OPTIMAL ->
                        goal(exercise.problem()) + ". I want to minimize the time taken to achieve my goal.\n"
                                + "My plan is as follows:\n\n[PLAN]";
                    case REUSE -> goal(exercise.problem()) + ".\nMy plan is as follows:\n\n[PLAN]";
                    case VERIFICATION ->
                        goal(exercise.problem()) + ". \nMy plan is as follows:\n\n[PLAN]" + plan(exercise.shown())
                                + "\n\n[VERIFICATION]";
                    case REPLANNING ->
                        goal(exercise.problem()) + ".\nMy plan is as follows:\n\n[PLAN]" + plan(exercise.shown())
                                + "\n\n" + surprise(exercise) + "[PLAN]";
                    case EXECUTION ->
                        " I have executed the following action sequence:\n\n[ACTION SEQUENCE]\n"
                                + lines(exercise.shown()) + "[ACTION SEQUENCE END]\n[RESULTING STATE]\n";
                };
    }

    /// The answer to an exercise: the completion that continues [#question].
    public String answer(Exercise exercise) {
        return switch (exercise.task()) {
            case VERIFICATION -> "\n" + verdict(PlanVerdict.of(exercise.problem(), exercise.shown()), exercise.shown());
            case EXECUTION -> skin.list(exercise.reached().facts());
            case OPTIMAL -> plan(exercise.plan()) + "\n" + time(exercise);
            case GENERATION, REUSE, GENERALISATION, REPLANNING, SHUFFLED_GOALS, FEWER_GOALS, MORE_GOALS ->
                plan(exercise.plan());
        };
    }

    /// A problem and its plan carried out: before and after every step the whole state, and why the step can be done.
    /// The form is PlanBench's for state tracking; its reasons are the preconditions that can change.
    public String trace(World.Solved solved) {
        Problem problem = solved.problem();
        StringBuilder trace = new StringBuilder(
                initial(problem.start()) + "\n" + goal(problem) + ".\nMy plan is as follows:\n\n[PLAN]\n");
        Set<String> changing = problem.domain().changing();
        State state = problem.start();
        int number = 1;
        for (Step step : solved.plan()) {
            Action action = problem.domain().action(step);
            trace.append(number).append(". Current State: ").append(skin.list(state.facts()));
            trace.append("\n   Action: ").append(skin.say(step));
            trace.append(
                    "\n   Reason: The above action is applicable in the current state because its preconditions; ");
            trace.append(skin.list(new State(action.preconditions()).of(changing)));
            trace.append(", are satisfied in the current state.\n   Resulting State: ");
            state = action.apply(state);
            trace.append(skin.list(state.facts())).append("\n\n");
            number++;
        }
        return trace.append("Final State: ")
                .append(skin.list(state.facts()))
                .append("\nThe goal conditions are satisfied in the final state. Hence, the above plan is valid.\n")
                .append(PLAN_END)
                .toString();
    }

    private String initial(State state) {
        return "[STATEMENT]\nAs initial conditions I have that, " + skin.list(state.facts());
    }

    private String goal(Problem problem) {
        return "My goal is to have that " + skin.list(problem.goal());
    }

    private String plan(List<Step> steps) {
        return "\n" + lines(steps) + PLAN_END;
    }

    /// The steps, each with a line break.
    public String lines(List<Step> steps) {
        return steps.stream().map(step -> skin.say(step) + "\n").collect(Collectors.joining());
    }

    private static String time(Exercise exercise) {
        int minutes = exercise.problem().domain().minutes(exercise.plan());
        return "The total time to execute the plan is " + minutes + (minutes == 1 ? " minute." : " minutes.");
    }

    private String surprise(Exercise exercise) {
        State expected = exercise.reached();
        State found = exercise.problem().start();
        return "During execution, an unexpected event has occurred.\nAfter executing the action \""
                + skin.say(exercise.shown().get(exercise.done() - 1)) + "\" at step " + exercise.done()
                + " in the plan, the following facts unexpectedly became true: "
                + skin.list(expected.missing(found.facts()))
                + "\nThe following facts became unexpectedly false: " + skin.list(found.missing(expected.facts()))
                + "\nAfter re-planning from the new state, the plan is as follows:\n";
    }

    private String verdict(PlanVerdict verdict, List<Step> plan) {
        if (verdict.valid()) {
            return "The above plan is valid.";
        }
        if (verdict.executable()) {
            List<Fact> unmet = new State(verdict.unmetGoals()).facts();
            return "The above plan is invalid."
                    + (unmet.size() > 1
                            ? " These are the unmet goal conditions:\n"
                            : " This is the unmet goal condition:\n")
                    + skin.list(unmet);
        }
        List<Fact> unmet = new State(verdict.unmetPreconditions()).facts();
        int failing = verdict.executedSteps();
        String action = "The following action at step " + (failing + 1);
        return "The above plan is invalid."
                + (unmet.size() > 1
                        ? " " + action + " has unmet preconditions:\n"
                        : action + " has an unmet precondition:\n")
                + skin.say(plan.get(failing))
                + (unmet.size() > 1 ? "\nThe unmet preconditions are:\n" : "\nThe unmet precondition is:\n")
                + skin.list(unmet);
    }
}
