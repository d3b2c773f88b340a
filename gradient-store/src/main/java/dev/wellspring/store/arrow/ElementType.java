package dev.wellspring.store.arrow;

/// The types of the values in our files; Arrow knows many more.
public enum ElementType {
    UTF8,
    INT32,
    FLOAT32,
    FLOAT64
}
