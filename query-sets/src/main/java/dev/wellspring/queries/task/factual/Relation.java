package dev.wellspring.queries.task.factual;

import java.util.Locale;

/// What a fact says of its subject: the questions about it in three wordings, and the sentence that answers them.
public enum Relation {
    /// A country's capital.
    CAPITAL(
            "The capital of %s is %s.",
            "What is the capital of %s?", "Which city is the capital of %s?", "Name the capital city of %s."),
    /// An element's symbol.
    SYMBOL(
            "The chemical symbol of %s is %s.",
            "What is the chemical symbol of %s?",
            "Which symbol stands for the element %s?",
            "Give the symbol that chemists use for %s."),
    /// A book's author.
    AUTHOR("The author of %s is %s.", "Who wrote %s?", "Who is the author of %s?", "Name the author of %s."),
    /// A person's year of birth.
    BIRTH_YEAR(
            "%s was born in %s.",
            "In which year was %s born?", "What is the birth year of %s?", "Give the year in which %s was born.");

    /// How many wordings there are.
    public static final int WORDINGS = 3;

    private final String statement;
    private final String first;
    private final String second;
    private final String third;

    Relation(String statement, String first, String second, String third) {
        this.statement = statement;
        this.first = first;
        this.second = second;
        this.third = third;
    }

    /// The name in files: lower case with hyphens.
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// A question in one of the wordings, counted from 0.
    public String question(String subject, int wording) {
        String question = switch (wording) {
            case 0 -> first;
            case 1 -> second;
            case 2 -> third;
            default -> throw new IllegalArgumentException("wording: expected 0 to 2, got " + wording);
        };
        return question.formatted(subject);
    }

    /// The fact as a sentence.
    public String statement(String subject, String answer) {
        return statement.formatted(subject, answer);
    }
}
