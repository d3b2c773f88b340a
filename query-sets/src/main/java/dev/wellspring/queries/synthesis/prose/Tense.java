package dev.wellspring.queries.synthesis.prose;

/// When a sentence happens.
enum Tense {
    PAST,
    PRESENT
}
