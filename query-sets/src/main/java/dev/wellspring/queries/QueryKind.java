package dev.wellspring.queries;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What answering a query takes.
public enum QueryKind {
    /// Recalling a fact.
    FACTUAL,
    /// Going through steps.
    REASONING,
    /// Neither: a completion that looks like another query's and asks for nothing.
    CONTROL;

    /// The name in files: lower case.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The kind of that name, if there is one.
    public static Optional<QueryKind> of(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
    }
}
