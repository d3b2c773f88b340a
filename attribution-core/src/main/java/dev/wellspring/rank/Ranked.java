package dev.wellspring.rank;

/// A row and the value that ranks it.
public record Ranked<R extends Rankable>(double value, R row) {}
