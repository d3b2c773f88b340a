package dev.wellspring.queries.task.planning;

import java.util.List;

/// What happens when a plan is executed.
///
/// @param executedSteps steps done before the first that could not be; all of them if the plan is executable
/// @param unmetPreconditions of the first step that could not be done
/// @param unmetGoals false where execution ended
public record PlanVerdict(int executedSteps, boolean executable, List<Fact> unmetPreconditions, List<Fact> unmetGoals) {
    /// Copies the lists.
    public PlanVerdict {
        unmetPreconditions = List.copyOf(unmetPreconditions);
        unmetGoals = List.copyOf(unmetGoals);
    }

    /// Executes a plan.
    ///
    /// @throws IllegalArgumentException if a step is none of the domain's
    public static PlanVerdict of(Problem problem, List<Step> plan) {
        List<Action> actions = plan.stream().map(problem.domain()::action).toList();
        State state = problem.start();
        int executed = 0;
        while (executed < actions.size() && actions.get(executed).applicable(state)) {
            state = actions.get(executed).apply(state);
            executed++;
        }
        boolean executable = executed == actions.size();
        return new PlanVerdict(
                executed,
                executable,
                executable ? List.of() : state.missing(actions.get(executed).preconditions()),
                state.missing(problem.goal()));
    }

    /// Whether every step can be done and the goal holds at the end.
    public boolean valid() {
        return executable && unmetGoals.isEmpty();
    }
}
