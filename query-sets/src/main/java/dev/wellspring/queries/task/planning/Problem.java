package dev.wellspring.queries.task.planning;

import java.util.List;

/// From this state, make these facts true.
///
/// @param objects in the world's order
/// @param goal in the order they are told in
public record Problem(Domain domain, List<String> objects, State start, List<Fact> goal) {
    /// Copies the lists.
    public Problem {
        objects = List.copyOf(objects);
        goal = List.copyOf(goal);
    }

    /// The same objects and goal from another state.
    public Problem from(State other) {
        return new Problem(domain, objects, other, goal);
    }

    /// The same objects and state with another goal.
    public Problem to(List<Fact> other) {
        return new Problem(domain, objects, start, other);
    }

    /// The state after these steps, done whether or not they can be.
    public State after(List<Step> steps) {
        State state = start;
        for (Step step : steps) {
            state = domain.action(step).apply(state);
        }
        return state;
    }

    /// A shortest plan; no steps if the goal already holds.
    ///
    /// @throws IllegalArgumentException if the goal cannot be reached, or not within the bounds of the search
    public List<Step> shortestPlan() {
        return Delivery.of(this)
                .map(Delivery::shortestPlan)
                .orElseGet(() -> StateGraph.of(this)
                        .from(start, goal)
                        .planTo(goal)
                        .orElseThrow(
                                () -> new IllegalArgumentException("goal " + goal + ": expected it to be reachable")));
    }

    /// A plan that takes the least time; no steps if the goal already holds.
    ///
    /// @throws IllegalArgumentException as [#shortestPlan] does, or if actions take different times and the goal is
    /// not
    ///     that packages are at locations
    public List<Step> quickestPlan() {
        if (domain.operators().stream().allMatch(operator -> operator.minutes() == 1)) {
            return shortestPlan();
        }
        return Delivery.of(this)
                .map(Delivery::quickestPlan)
                .orElseThrow(
                        () -> new IllegalArgumentException("goal " + goal + ": expected only packages at locations"));
    }
}
