package dev.wellspring.queries.synthesis;

import java.util.Locale;

/// The five tasks of Leave-Square-Out, each a grid of problems (a, b). Hu et al. 2024, arXiv 2402.17709.
public enum GridTask {
    /// a + b for 0 to 99.
    ADDITION(100, 10),
    /// a + b modulo 113, which is never mentioned.
    MODULAR_ADDITION(113, 10),
    /// a + b for 0 to 99, written in base 9.
    BASE_9_ADDITION(100, 9),
    /// a + 2b + 3 for 0 to 99.
    LINEAR_REGRESSION(100, 10),
    /// Heads b and half the legs a: from b to 2b.
    CHICKENS_AND_RABBITS(100, 10);

    private static final int MODULUS = 113;

    private final int side;
    private final int base;

    GridTask(int side, int base) {
        this.side = side;
        this.base = base;
    }

    /// The name in files: lower case with hyphens.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The base the numbers are written in.
    public int base() {
        return base;
    }

    /// How many problems there are.
    public int cells() {
        return this == CHICKENS_AND_RABBITS ? side * (side + 1) / 2 : side * side;
    }

    /// The first coordinate of a problem, numbered row by row.
    public int a(int cell) {
        return this == CHICKENS_AND_RABBITS ? b(cell) + cell - triangle(b(cell)) : cell / side;
    }

    /// The second coordinate.
    public int b(int cell) {
        return this == CHICKENS_AND_RABBITS ? row(cell) : cell % side;
    }

    /// Whether (b, a) is the same problem as (a, b).
    public boolean isCommutative() {
        return switch (this) {
            case ADDITION, MODULAR_ADDITION, BASE_9_ADDITION -> true;
            case LINEAR_REGRESSION, CHICKENS_AND_RABBITS -> false;
        };
    }

    /// Whether it is column addition, so that it has a scratchpad.
    boolean isAddition() {
        return this == ADDITION || this == BASE_9_ADDITION;
    }

    /// What is asked.
    public String question(int a, int b) {
        return switch (this) {
            case ADDITION, MODULAR_ADDITION -> a + "+" + b + "=";
            case BASE_9_ADDITION -> Digits.text(a, base) + "+" + Digits.text(b, base) + "=";
            case LINEAR_REGRESSION -> "(" + a + "," + b + ")=";
            case CHICKENS_AND_RABBITS ->
                "Rabbits have 4 legs and 1 head. Chickens have 2 legs and 1 head. There are " + 2 * a + " legs and " + b
                        + " heads on the farm. How many rabbits and chickens are there?";
        };
    }

    /// The answer in full.
    public String answer(int a, int b) {
        return switch (this) {
            case ADDITION -> Integer.toString(a + b);
            case MODULAR_ADDITION -> Integer.toString((a + b) % MODULUS);
            case BASE_9_ADDITION -> Digits.text(a + b, base);
            case LINEAR_REGRESSION -> Integer.toString(a + 2 * b + 3);
            case CHICKENS_AND_RABBITS -> "There are " + (a - b) + " rabbits and " + (2 * b - a) + " chickens.";
        };
    }

    private static int triangle(int row) {
        return row * (row + 1) / 2;
    }

    /// The row of a triangle that a cell is in.
    private static int row(int cell) {
        int row = (int) ((Math.sqrt(8.0 * cell + 1) - 1) / 2);
        return triangle(row) > cell ? row - 1 : triangle(row + 1) <= cell ? row + 1 : row;
    }
}
