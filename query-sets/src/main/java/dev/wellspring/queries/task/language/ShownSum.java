package dev.wellspring.queries.task.language;

import dev.wellspring.queries.task.grid.AnswerFormat;
import dev.wellspring.queries.task.grid.RuleTrace;
import dev.wellspring.queries.task.grid.Scratchpad;
import dev.wellspring.queries.task.grid.Sum;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// A sum of two numbers with equally many digits as the published in-context prompts show and ask it (Hu et al.,
/// 2402.17709).
///
/// @param digits of both numbers
/// @param format of examples and answer; compact is not published
record ShownSum(long a, long b, int digits, int base, AnswerFormat format) {
    /// How many adjacent digits a similar sum has replaced.
    private static final int REPLACED = 3;

    static ShownSum draw(int digits, int base, AnswerFormat format, RandomGenerator random) {
        return new ShownSum(Sum.number(digits, base, random), Sum.number(digits, base, random), digits, base, format);
    }

    /// Other digits at three adjacent places, the same places in both numbers, which keep their lengths.
    ShownSum similar(RandomGenerator random) {
        long place = power(random.nextInt(digits - REPLACED + 1));
        return new ShownSum(replaced(a, place, random), replaced(b, place, random), digits, base, format);
    }

    private long replaced(long number, long place, RandomGenerator random) {
        long block = power(REPLACED);
        long changed;
        do {
            changed = number - number / place % block * place + random.nextLong(block) * place;
        } while (changed < power(digits - 1));
        return changed;
    }

    /// Whether the other could be a similar sum: both numbers are the same outside three adjacent places.
    boolean isSimilar(ShownSum other) {
        return IntStream.rangeClosed(0, digits - REPLACED)
                .anyMatch(place -> agrees(a, other.a, place) && agrees(b, other.b, place));
    }

    private boolean agrees(long number, long other, int place) {
        return number / power(place + REPLACED) == other / power(place + REPLACED)
                && number % power(place) == other % power(place);
    }

    /// Whether both have a number or the sum in common.
    boolean shares(ShownSum other) {
        return a == other.a || a == other.b || b == other.a || b == other.b || a + b == other.a + other.b;
    }

    /// What is asked.
    String question() {
        return switch (format) {
            case DIRECT -> "Directly generate the answer without solving steps. " + direct();
            case SCRATCHPAD, RULE_FOLLOWING, COMPACT -> operands() + ".\n";
        };
    }

    /// The answer, with the way to it if the format shows one.
    String solution() {
        return switch (format) {
            case DIRECT -> answer();
            case SCRATCHPAD -> new Scratchpad(base).commentedSum(a, b) + therefore();
            case RULE_FOLLOWING -> new RuleTrace(base).full(a, b) + therefore();
            case COMPACT -> new RuleTrace(base).compact(a, b) + therefore();
        };
    }

    /// The sum as an example, with the solution of the same or of another sum.
    String example(ShownSum solved) {
        return switch (format) {
            case DIRECT -> direct() + solved.solution() + ".\n";
            case SCRATCHPAD, COMPACT -> question() + solved.solution() + "\n";
            case RULE_FOLLOWING -> "-".repeat(10) + "\n" + question() + solved.solution() + "\n";
        };
    }

    String answer() {
        return written(a + b);
    }

    private String direct() {
        return operands() + ". The sum of a and b is: a+b=";
    }

    private String operands() {
        return "Int a: " + written(a) + "; Int b: " + written(b);
    }

    private String therefore() {
        return "\nTherefore, the answer is " + answer() + ".";
    }

    private String written(long number) {
        return Long.toString(number, base);
    }

    private long power(int exponent) {
        return IntStream.range(0, exponent).asLongStream().reduce(1, (power, i) -> base * power);
    }
}
