package dev.wellspring.rank;

/// Which end of a ranking is wanted.
public enum Tail {
    /// The largest values: documents that make the completion likelier.
    TOP,
    /// The smallest values: documents that make it less likely.
    BOTTOM
}
