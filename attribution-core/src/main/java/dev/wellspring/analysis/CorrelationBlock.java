package dev.wellspring.analysis;

import dev.wellspring.validation.Interval;

/// Pairs of queries of one sort, and how their scores correlate.
///
/// @param relation what the two queries of a pair are to each other
/// @param kind of the one
/// @param family of the one; empty where pairs of several tasks are meant
/// @param other of the other: its kind
/// @param pairs of different queries; those whose correlation is NaN are not counted
/// @param spread of their correlations
/// @param mean with a 95 % interval over resampled queries, each kind by itself; of pairs with their own
/// control, over resampled pairs
public record CorrelationBlock(
        Relation relation, String kind, String family, String other, long pairs, Spread spread, Interval mean) {
    /// What two queries are to each other.
    public enum Relation {
        /// The same kind and the same task.
        WITHIN_TASK("one task"),
        /// The same kind, two tasks.
        ACROSS_TASKS("two tasks"),
        /// Two kinds, neither of them controls.
        ACROSS_KINDS("two kinds"),
        /// A query and the control that was made after it (`control_of`).
        OWN_CONTROL("own control"),
        /// A query and any control of the same task but its own.
        OTHER_CONTROLS("other controls");

        private final String words;

        Relation(String words) {
            this.words = words;
        }

        /// For people.
        public String words() {
            return words;
        }
    }
}
