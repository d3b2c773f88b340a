package dev.wellspring.queries.task.planning;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A kind of action: what must be true before, and what becomes true and false by it (STRIPS).
///
/// @param parameters stand for objects in the facts
/// @param minutes what it takes, where time counts
public record Operator(
        String name,
        List<String> parameters,
        List<Fact> preconditions,
        List<Fact> additions,
        List<Fact> deletions,
        int minutes) {
    /// Copies the lists.
    public Operator {
        parameters = List.copyOf(parameters);
        preconditions = List.copyOf(preconditions);
        additions = List.copyOf(additions);
        deletions = List.copyOf(deletions);
    }

    /// The action on these objects.
    ///
    /// @throws IllegalArgumentException if they are too few or too many
    public Action on(List<String> objects) {
        if (objects.size() != parameters.size()) {
            throw new IllegalArgumentException(
                    name + ": expected " + parameters.size() + " objects, got " + objects.size());
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < objects.size(); i++) {
            values.put(parameters.get(i), objects.get(i));
        }
        return new Action(
                new Step(name, objects), with(preconditions, values), with(additions, values), with(deletions, values));
    }

    private static List<Fact> with(List<Fact> facts, Map<String, String> values) {
        return facts.stream().map(fact -> fact.with(values)).toList();
    }
}
