package dev.wellspring.queries.task.grid;

import java.util.EnumSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/// What a ladder asks at each length.
public enum LadderTask {
    /// The sum of two numbers.
    ADDITION("addition", "length-ladder", "digits"),
    /// A list of letters from its end.
    REVERSAL("reversal", "reversal-ladder", "letters");

    private final String text;
    private final String family;
    private final String unit;

    LadderTask(String text, String family, String unit) {
        this.text = text;
        this.family = family;
        this.unit = unit;
    }

    /// The name as a parameter.
    public String text() {
        return text;
    }

    /// The name of the family of queries.
    public String family() {
        return family;
    }

    /// What length is counted in.
    String unit() {
        return unit;
    }

    /// The ways to write out an answer that the task has.
    public Set<AnswerFormat> formats() {
        return switch (this) {
            case ADDITION -> EnumSet.allOf(AnswerFormat.class);
            case REVERSAL -> EnumSet.of(AnswerFormat.DIRECT, AnswerFormat.SCRATCHPAD);
        };
    }

    /// A problem of a length: both numbers have so many digits, or the list so many letters.
    ///
    /// @param base of the numbers, if there are any
    WorkedProblem draw(int length, int base, AnswerFormat format, RandomGenerator random) {
        return switch (this) {
            case ADDITION -> new Sum(Sum.number(length, base, random), Sum.number(length, base, random), base, format);
            case REVERSAL -> Reversal.drawn(length, format, random);
        };
    }

    /// How many different problems of a length there are; beyond 2⁵³ nearly so.
    double count(int length, int base) {
        return switch (this) {
            case ADDITION -> Sum.count(length, base);
            case REVERSAL -> Math.pow(Reversal.ALPHABET, length);
        };
    }
}
