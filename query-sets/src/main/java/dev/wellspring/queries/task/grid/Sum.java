package dev.wellspring.queries.task.grid;

import dev.wellspring.queries.task.AnswerText;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The sum of two numbers in one of the formats.
///
/// @param base that the numbers are written in
public record Sum(long a, long b, int base, AnswerFormat format) implements WorkedProblem {
    private static final Pattern RESULT = Pattern.compile("result=\\[([0-9, ]*)]");

    /// A number of so many digits, the first of which is not 0.
    ///
    /// @param digits from 1; at most as many as a long has in the base
    public static long number(int digits, int base, RandomGenerator random) {
        long low = power(base, digits - 1);
        return random.nextLong(low, base * low);
    }

    /// How many sums of two such numbers there are.
    static double count(int digits, int base) {
        return Math.pow((base - 1.0) * power(base, digits - 1), 2);
    }

    @Override
    public String prompt() {
        return switch (format) {
            case DIRECT, SCRATCHPAD, COMPACT -> question();
            case RULE_FOLLOWING ->
                "Follow the code step by step to answer the question:\n" + question() + "\n"
                        + new RuleTrace(base).rule();
        };
    }

    @Override
    public String completion() {
        return switch (format) {
            case DIRECT -> answer();
            case SCRATCHPAD -> new Scratchpad(base).sum(a, b);
            case RULE_FOLLOWING -> new RuleTrace(base).full(a, b);
            case COMPACT -> new RuleTrace(base).compact(a, b);
        };
    }

    @Override
    public String answer() {
        return written(a + b);
    }

    @Override
    public String shown() {
        return format == AnswerFormat.RULE_FOLLOWING ? new RuleTrace(base).list(a + b) : answer();
    }

    /// The operands where both fit, then how many digits the longer one has, and the base.
    @Override
    public Map<String, Integer> coordinates() {
        Map<String, Integer> coordinates = new LinkedHashMap<>();
        if (Math.max(a, b) <= Integer.MAX_VALUE) {
            coordinates.put("a", (int) a);
            coordinates.put("b", (int) b);
        }
        coordinates.put("length", written(Math.max(a, b)).length());
        coordinates.put("base", base);
        return coordinates;
    }

    /// Grades what a query asked for in its format: the last number, or the last result of a trace.
    static Grade grade(GeneratedQuery query, String text) {
        String expected = query.answers().getFirst();
        if (!AnswerFormat.RULE_FOLLOWING.text().equals(query.format())) {
            return AnswerText.gradeLastNumber(expected, text);
        }
        List<MatchResult> results = RESULT.matcher(text).results().toList();
        if (results.isEmpty()) {
            return Grade.unreadable("expected " + expected + ", found no result=[…]");
        }
        return AnswerText.graded(expected, results.getLast().group(1).replace(", ", ""));
    }

    private String question() {
        return written(a) + "+" + written(b) + "=";
    }

    private String written(long number) {
        return Long.toString(number, base);
    }

    private static long power(int base, int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= base;
        }
        return power;
    }
}
