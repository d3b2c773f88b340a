package dev.wellspring.queries.synthesis;

import java.util.Locale;

/// What a document is to the queries of its task.
public enum Role {
    /// A problem with its answer, one point of a grid.
    CASE,
    /// A rule in words or code, not executed.
    RULE_TEXT,
    /// A rule executed step by step.
    RULE_TRACE,
    /// How problems of a kind are solved, shown on numbers that no query has.
    PROCEDURE,
    /// Holds the answer to a query.
    ANSWER_FACT,
    /// Holds a result on the way to an answer.
    INTERMEDIATE_FACT,
    /// A list of examples in one format.
    IN_CONTEXT,
    /// Has nothing to do with any query.
    DISTRACTOR,
    /// Planted: it alone holds its answer, so it must rank first for it.
    CANARY;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /// The name in files: lower case with hyphens.
    public String label() {
        return label;
    }
}
