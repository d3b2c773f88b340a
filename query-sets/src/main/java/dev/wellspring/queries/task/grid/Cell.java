package dev.wellspring.queries.task.grid;

/// A point of a task's grid.
public record Cell(int a, int b) {}
