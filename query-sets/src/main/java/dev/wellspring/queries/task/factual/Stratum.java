package dev.wellspring.queries.task.factual;

import java.util.Locale;

/// How much is written about a fact, as an ordered guess; the corpus at hand decides.
enum Stratum {
    /// In school books of many countries.
    FREQUENT,
    /// In an encyclopaedia that one would own.
    MEDIUM,
    /// In few places.
    RARE;

    /// The name in files: lower case.
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
