package dev.wellspring.queries.task.planning;

import java.util.List;

/// What happens when a plan is executed, also by looser rules (Valmeekam et al., analysis of failures).
///
/// @param executedSteps steps done before the first that could not be; all of them if the plan is executable
/// @param unmetPreconditions of the first step that could not be done
/// @param unmetGoals false where execution ended
/// @param reachesWithoutDeletions whether the goal is reached if nothing ever becomes false
/// @param reachesWithoutPreconditions whether it is reached if every step can always be done
/// @param reachesWithoutEither whether it is reached under both relaxations
public record PlanVerdict(
        int executedSteps,
        boolean executable,
        List<Fact> unmetPreconditions,
        List<Fact> unmetGoals,
        boolean reachesWithoutDeletions,
        boolean reachesWithoutPreconditions,
        boolean reachesWithoutEither) {
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
                state.missing(problem.goal()),
                relaxed(problem, actions, false, true),
                relaxed(problem, actions, true, false),
                relaxed(problem, actions, false, false));
    }

    private static boolean relaxed(Problem problem, List<Action> actions, boolean delete, boolean require) {
        State state = problem.start();
        for (Action action : actions) {
            if (require && !action.applicable(state)) {
                return false;
            }
            state = state.change(delete ? action.deletions() : List.of(), action.additions());
        }
        return state.holdsAll(problem.goal());
    }

    /// Whether every step can be done and the goal holds at the end.
    public boolean valid() {
        return executable && unmetGoals.isEmpty();
    }
}
