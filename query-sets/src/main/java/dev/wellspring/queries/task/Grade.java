package dev.wellspring.queries.task;

import java.util.Map;

/// What a grader says about one answer.
///
/// @param reason one sentence: what was expected and what was found
/// @param details further verdicts by name, such as `executable` for a plan
public record Grade(Verdict verdict, String reason, Map<String, String> details) {
    /// The three outcomes.
    public enum Verdict {
        /// The answer is the one asked for.
        RIGHT,
        /// An answer can be read, and it is another one.
        WRONG,
        /// No answer can be read.
        UNREADABLE
    }

    /// Copies the details.
    public Grade {
        details = Map.copyOf(details);
    }

    /// A right answer.
    public static Grade right(String reason) {
        return new Grade(Verdict.RIGHT, reason, Map.of());
    }

    /// A wrong answer.
    public static Grade wrong(String reason) {
        return new Grade(Verdict.WRONG, reason, Map.of());
    }

    /// A text in which no answer is found.
    public static Grade unreadable(String reason) {
        return new Grade(Verdict.UNREADABLE, reason, Map.of());
    }
}
