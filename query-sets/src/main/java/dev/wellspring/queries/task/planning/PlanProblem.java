package dev.wellspring.queries.task.planning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A problem with its plan, as one of many.
///
/// @param query the id of the query that asks for the plan, where query and problem are made from the same seed
/// @param family that query's
/// @param coordinates where it lies among the others: its number, or those of its states
/// @param skin the words it is told in
public record PlanProblem(
        String query, String family, Map<String, Integer> coordinates, World.Solved solved, Skin skin) {
    /// Copies the coordinates, keeping their order.
    public PlanProblem {
        coordinates = Collections.unmodifiableMap(new LinkedHashMap<>(coordinates));
    }
}
