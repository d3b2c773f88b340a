package dev.wellspring.queries.task.grid;

import dev.wellspring.queries.corpus.CorpusException;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/// How an answer is written out.
public enum AnswerFormat {
    /// The answer alone.
    DIRECT,
    /// One line per digit: what is left of the operands, the answer so far, the carry.
    SCRATCHPAD,
    /// Every line of a digit-by-digit adder recited, then executed.
    RULE_FOLLOWING,
    /// The same trace with line numbers in place of the lines: a dozen values a digit, for small models.
    COMPACT;

    /// The name in files: lower case with hyphens.
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The format of that name.
    ///
    /// @throws CorpusException if it is none of the allowed ones
    public static AnswerFormat of(String text, Collection<AnswerFormat> allowed) {
        return allowed.stream()
                .filter(format -> format.text().equals(text))
                .findFirst()
                .orElseThrow(() -> CorpusException.at(
                        "parameter format",
                        allowed.stream().map(AnswerFormat::text).collect(Collectors.joining(" or ")),
                        "\"" + text + "\"",
                        "choose one that the family has"));
    }
}
