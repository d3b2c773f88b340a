package dev.wellspring.store.scores;

/// The types of the values in our files; Arrow knows many more.
enum ElementType {
    UTF8,
    INT32,
    FLOAT32,
    FLOAT64
}
