package dev.wellspring.queries.task.planning;

import java.util.List;

/// What a plan would reach by looser rules (Valmeekam et al., analysis of failures).
///
/// @param withoutDeletions whether the goal is reached if nothing ever becomes false
/// @param withoutPreconditions whether it is reached if every step can always be done
/// @param withoutEither whether it is reached under both relaxations
public record RelaxedVerdict(boolean withoutDeletions, boolean withoutPreconditions, boolean withoutEither) {
    /// Executes a plan by each of the rules.
    ///
    /// @throws IllegalArgumentException if a step is none of the domain's
    public static RelaxedVerdict of(Problem problem, List<Step> plan) {
        List<Action> actions = plan.stream().map(problem.domain()::action).toList();
        return new RelaxedVerdict(
                reaches(problem, actions, false, true),
                reaches(problem, actions, true, false),
                reaches(problem, actions, false, false));
    }

    private static boolean reaches(Problem problem, List<Action> actions, boolean delete, boolean require) {
        State state = problem.start();
        for (Action action : actions) {
            if (require && !action.applicable(state)) {
                return false;
            }
            state = state.change(delete ? action.deletions() : List.of(), action.additions());
        }
        return state.holdsAll(problem.goal());
    }
}
