package dev.wellspring.queries.task.factual;

import java.util.List;

/// One fact.
///
/// @param answers the usual name first, then its aliases
public record Fact(Relation relation, String subject, Stratum stratum, List<String> answers) {
    /// Copies the answers.
    public Fact {
        answers = List.copyOf(answers);
    }

    /// The fact as a sentence.
    public String statement() {
        return relation.statement(subject, answers.getFirst());
    }
}
