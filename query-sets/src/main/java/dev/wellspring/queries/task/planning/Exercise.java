package dev.wellspring.queries.task.planning;

import java.util.List;

/// One problem as a task asks about it, with the answer. It knows nothing of words.
///
/// @param before where the shown steps start; the problem's start if there was no surprise
/// @param shown the plan to verify, the steps to execute or those done before a surprise; else none
/// @param problem to solve: its start is the state in which the answer begins
/// @param plan the answer, a shortest plan; none where the answer is no plan
public record Exercise(PlanningTask task, State before, List<Step> shown, Problem problem, List<Step> plan) {
    /// Copies the lists.
    public Exercise {
        shown = List.copyOf(shown);
        plan = List.copyOf(plan);
    }

    /// A problem whose answer is a plan.
    static Exercise plan(PlanningTask task, World.Solved solved) {
        return new Exercise(task, solved.problem().start(), List.of(), solved.problem(), solved.plan());
    }

    /// Steps about which something is asked.
    static Exercise shown(PlanningTask task, Problem problem, List<Step> steps) {
        return new Exercise(task, problem.start(), steps, problem, List.of());
    }
}
