package dev.wellspring.queries.task.grid;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The five tasks: their grids, questions, answers and published squares.
public enum GridTask {
    /// `40+40=` with operands 0 to 99.
    ADDITION("addition", 100),
    /// The same question modulo 113, which it does not mention; operands 0 to 112.
    MODULAR_ADDITION("modular-addition", 113),
    /// Operands 0 to 99, written in base 9.
    BASE9_ADDITION("base9-addition", 100),
    /// `(40,40)=` gives a + 2b + 3.
    LINEAR_REGRESSION("linear-regression", 100),
    /// A farm of `b` heads and `2a` legs, heads 0 to 99.
    CHICKENS_AND_RABBITS("chickens-and-rabbits", 100);

    /// The modulus of modular addition.
    public static final int MODULUS = 113;

    private final String text;
    private final int side;

    GridTask(String text, int side) {
        this.text = text;
        this.side = side;
    }

    /// The name in files.
    public String text() {
        return text;
    }

    /// The base that numbers are written in.
    public int base() {
        return switch (this) {
            case BASE9_ADDITION -> 9;
            case ADDITION, MODULAR_ADDITION, LINEAR_REGRESSION, CHICKENS_AND_RABBITS -> 10;
        };
    }

    /// Every cell, by a and then b.
    public Stream<Cell> cells() {
        return switch (this) {
            case ADDITION, MODULAR_ADDITION, BASE9_ADDITION, LINEAR_REGRESSION ->
                IntStream.range(0, side)
                        .boxed()
                        .flatMap(a -> IntStream.range(0, side).mapToObj(b -> new Cell(a, b)));
            case CHICKENS_AND_RABBITS ->
                IntStream.range(0, 2 * side - 1)
                        .boxed()
                        .flatMap(a -> IntStream.rangeClosed((a + 1) / 2, Math.min(a, side - 1))
                                .mapToObj(b -> new Cell(a, b)));
        };
    }

    /// The question as it stands before the answer.
    public String question(Cell cell) {
        return switch (this) {
            case ADDITION, MODULAR_ADDITION, BASE9_ADDITION -> written(cell.a()) + "+" + written(cell.b()) + "=";
            case LINEAR_REGRESSION -> "(" + cell.a() + "," + cell.b() + ")=";
            case CHICKENS_AND_RABBITS ->
                "Rabbits have 4 legs and 1 head. Chickens have 2 legs and 1 head. There are " + 2 * cell.a()
                        + " legs and " + cell.b()
                        + " heads on the farm. How many rabbits and chickens are there? ";
        };
    }

    /// The direct answer.
    public String answer(Cell cell) {
        return switch (this) {
            case ADDITION, BASE9_ADDITION -> written(cell.a() + cell.b());
            case MODULAR_ADDITION -> written((cell.a() + cell.b()) % MODULUS);
            case LINEAR_REGRESSION -> written(cell.a() + 2 * cell.b() + 3);
            case CHICKENS_AND_RABBITS -> "There are " + rabbits(cell) + " rabbits and " + chickens(cell) + " chickens.";
        };
    }

    /// The numbers that an answer ends in.
    List<String> answerNumbers(Cell cell) {
        return switch (this) {
            case ADDITION, BASE9_ADDITION, MODULAR_ADDITION, LINEAR_REGRESSION -> List.of(answer(cell));
            case CHICKENS_AND_RABBITS -> List.of(Integer.toString(rabbits(cell)), Integer.toString(chickens(cell)));
        };
    }

    /// The ways to write out an answer that the task has.
    public Set<AnswerFormat> formats() {
        return switch (this) {
            case ADDITION, BASE9_ADDITION -> EnumSet.allOf(AnswerFormat.class);
            case MODULAR_ADDITION -> EnumSet.of(AnswerFormat.DIRECT, AnswerFormat.SCRATCHPAD);
            case LINEAR_REGRESSION, CHICKENS_AND_RABBITS -> EnumSet.of(AnswerFormat.DIRECT);
        };
    }

    /// The published square, with a half-side of one's own.
    public Square square(int halfSide) {
        return switch (this) {
            case ADDITION, BASE9_ADDITION, LINEAR_REGRESSION -> new Square(50, 50, halfSide);
            case MODULAR_ADDITION -> new Square(56, 56, halfSide);
            case CHICKENS_AND_RABBITS -> new Square(70, 50, halfSide);
        };
    }

    /// The three squares of the published plots, or none where they are not published.
    public List<Square> threeSquares() {
        return switch (this) {
            case ADDITION -> List.of(new Square(53, 33, 10), new Square(73, 78, 10), new Square(13, 31, 11));
            case BASE9_ADDITION -> List.of(new Square(41, 41, 13), new Square(73, 63, 13), new Square(75, 27, 10));
            case LINEAR_REGRESSION -> List.of(new Square(59, 37, 15), new Square(29, 26, 10), new Square(27, 69, 14));
            case MODULAR_ADDITION -> List.of(new Square(79, 81, 19), new Square(29, 56, 17), new Square(14, 86, 10));
            case CHICKENS_AND_RABBITS -> List.of();
        };
    }

    private String written(int number) {
        return Integer.toString(number, base());
    }

    /// (legs − 2 heads) / 2.
    private static int rabbits(Cell cell) {
        return cell.a() - cell.b();
    }

    /// (4 heads − legs) / 2.
    private static int chickens(Cell cell) {
        return 2 * cell.b() - cell.a();
    }
}
