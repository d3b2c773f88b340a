package dev.wellspring.queries.task.grid;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.task.AnswerText;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Span;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The sum of two numbers as prompt and completion in one of the formats.
///
/// @param base that the numbers are written in
record Sum(long a, long b, int base, AnswerFormat format) {
    private static final Pattern RESULT = Pattern.compile("result=\\[([0-9, ]*)]");

    String question() {
        return written(a) + "+" + written(b) + "=";
    }

    String prompt() {
        return switch (format) {
            case DIRECT, SCRATCHPAD, COMPACT -> question();
            case RULE_FOLLOWING ->
                "Follow the code step by step to answer the question:\n" + question() + "\n"
                        + new RuleTrace(base).rule() + "\n";
        };
    }

    String completion() {
        return switch (format) {
            case DIRECT -> answer();
            case SCRATCHPAD -> new Scratchpad(base).sum(a, b);
            case RULE_FOLLOWING -> new RuleTrace(base).full(a, b);
            case COMPACT -> new RuleTrace(base).compact(a, b);
        };
    }

    String answer() {
        return written(a + b);
    }

    GeneratedQuery.Builder query(String id, String family) {
        String completion = completion();
        String shown = format == AnswerFormat.RULE_FOLLOWING ? new RuleTrace(base).list(a + b) : answer();
        return GeneratedQuery.of(id, QueryKind.REASONING, family)
                .prompt(prompt())
                .completion(completion)
                .answers(answer())
                .targetSpan(Span.last("answer", completion, shown))
                .format(format.text());
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

    private String written(long number) {
        return Long.toString(number, base);
    }
}
