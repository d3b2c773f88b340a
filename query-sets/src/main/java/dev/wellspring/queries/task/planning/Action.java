package dev.wellspring.queries.task.planning;

import java.util.List;

/// A step with what it needs and does.
public record Action(Step step, List<Fact> preconditions, List<Fact> additions, List<Fact> deletions) {
    /// Copies the lists.
    public Action {
        preconditions = List.copyOf(preconditions);
        additions = List.copyOf(additions);
        deletions = List.copyOf(deletions);
    }

    /// Whether it can be done in this state.
    public boolean applicable(State state) {
        return state.holdsAll(preconditions);
    }

    /// The state after it; whether it is applicable is not asked.
    public State apply(State state) {
        return state.change(deletions, additions);
    }
}
