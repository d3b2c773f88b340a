package dev.wellspring.queries.task.planning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One problem as a task asks about it, with the answer. It knows nothing of words.
///
/// @param before where the shown steps start; the problem's start if there was no surprise
/// @param shown the plan to verify, the steps to execute, or the plan that a surprise ended; else none
/// @param done how many of the shown steps were done
/// @param problem to solve: its start is the state in which the answer begins
/// @param plan the answer, a shortest or quickest plan; none where the answer is no plan
public record Exercise(PlanningTask task, State before, List<Step> shown, int done, Problem problem, List<Step> plan) {
    /// Copies the lists.
    public Exercise {
        shown = List.copyOf(shown);
        plan = List.copyOf(plan);
    }

    /// A problem whose answer is a plan.
    public static Exercise plan(PlanningTask task, World.Solved solved) {
        return new Exercise(task, solved.problem().start(), List.of(), 0, solved.problem(), solved.plan());
    }

    /// Steps about which something is asked.
    public static Exercise shown(PlanningTask task, Problem problem, List<Step> steps) {
        return new Exercise(task, problem.start(), steps, steps.size(), problem, List.of());
    }

    /// What is known about the shown steps, by name: how many were done, or whether they are a plan that works.
    public Map<String, Integer> truth() {
        Map<String, Integer> truth = new LinkedHashMap<>();
        if (task == PlanningTask.VERIFICATION) {
            PlanVerdict verdict = PlanVerdict.of(problem, shown);
            truth.put("valid", verdict.valid() ? 1 : 0);
            if (!verdict.executable()) {
                truth.put("failing_step", verdict.executedSteps() + 1);
            }
        } else if (!shown.isEmpty()) {
            truth.put("done", done);
        }
        return Collections.unmodifiableMap(truth);
    }

    /// The state after the steps that were done.
    State reached() {
        return problem.from(before).after(shown.subList(0, done));
    }
}
