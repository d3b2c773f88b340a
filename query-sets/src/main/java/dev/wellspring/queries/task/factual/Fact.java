package dev.wellspring.queries.task.factual;

import java.util.List;

/// One fact of a table.
///
/// @param query the id of the query that asks for it
/// @param number its place in the table, from 0
/// @param stratum how much is written about it, in a word
/// @param answers the usual name first, then its aliases
public record Fact(String query, int number, Relation relation, String subject, String stratum, List<String> answers) {
    /// How often facts are repeated: 1, 2, 4, … times, in so many steps.
    public static final int LEVELS = 7;

    /// Copies the answers.
    public Fact {
        answers = List.copyOf(answers);
    }

    /// How many documents of the corpus `facts` state it: 1 to 64.
    public int repetition() {
        return 1 << number % LEVELS;
    }

    /// The fact as a plain sentence.
    public String statement() {
        return relation.statement(0, subject, answers.getFirst());
    }
}
