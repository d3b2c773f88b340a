package dev.wellspring.run.cost;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a stage costs, part by part.
///
/// @param stage its name
/// @param unit what the costs are of
/// @param parts in the order of the work, by name
public record StageCost(String stage, Unit unit, Map<String, Cost> parts) {
    /// What a cost is of.
    public enum Unit {
        /// One document; a stage that goes through the documents several times counts them all.
        DOCUMENT,
        /// The whole stage, however many documents there are.
        STAGE
    }

    public StageCost {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /// All parts together.
    public Cost total() {
        return parts.values().stream().reduce(Cost.NOTHING, Cost::plus);
    }

    /// One part; nothing where there is no such part.
    public Cost part(String name) {
        return parts.getOrDefault(name, Cost.NOTHING);
    }
}
