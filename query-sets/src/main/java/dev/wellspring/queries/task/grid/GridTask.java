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

    /// Whether (b, a) is the same problem as (a, b).
    public boolean isCommutative() {
        return switch (this) {
            case ADDITION, MODULAR_ADDITION, BASE9_ADDITION -> true;
            case LINEAR_REGRESSION, CHICKENS_AND_RABBITS -> false;
        };
    }

    /// The base that numbers are written in.
    public int base() {
        return switch (this) {
            case BASE9_ADDITION -> 9;
            case ADDITION, MODULAR_ADDITION, LINEAR_REGRESSION, CHICKENS_AND_RABBITS -> 10;
        };
    }

    /// How many cells there are.
    public int size() {
        return this == CHICKENS_AND_RABBITS ? triangle(side) : side * side;
    }

    /// A cell by its published number: by a and then b, on the farm by heads and then legs.
    ///
    /// @param index from 0, below [#size()]
    public Cell cell(int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException(
                    "cell of " + text + ": expected 0 to " + (size() - 1) + ", got " + index);
        }
        if (this == CHICKENS_AND_RABBITS) {
            int heads = (int) ((Math.sqrt(8.0 * index + 1) - 1) / 2);
            return new Cell(heads + index - triangle(heads), heads);
        }
        return new Cell(index / side, index % side);
    }

    /// Every cell in order.
    public Stream<Cell> cells() {
        return IntStream.range(0, size()).mapToObj(this::cell);
    }

    /// The question as it stands before the answer.
    public String question(Cell cell) {
        return switch (this) {
            case ADDITION, MODULAR_ADDITION, BASE9_ADDITION -> written(cell.a()) + "+" + written(cell.b()) + "=";
            case LINEAR_REGRESSION -> "(" + cell.a() + "," + cell.b() + ")=";
            case CHICKENS_AND_RABBITS ->
                "Rabbits have 4 legs and 1 head. Chickens have 2 legs and 1 head. There are " + 2 * cell.a()
                        + " legs and " + cell.b()
                        + " heads on the farm. How many rabbits and chickens are there?";
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

    /// The published sets of three squares; where one of them is plotted, it comes first.
    public List<List<Square>> threeSquares() {
        return switch (this) {
            case ADDITION ->
                sets("53,33,10;73,78,10;13,31,11", "66,14,10;38,37,16;26,85,12", "20,27,10;81,55,15;45,66,15");
            case MODULAR_ADDITION ->
                sets("79,81,19;29,56,17;14,86,10", "79,73,10;23,43,19;44,81,14", "21,43,17;80,93,15;49,88,12");
            case BASE9_ADDITION ->
                sets("41,41,13;73,63,13;75,27,10", "76,41,12;10,21,10;84,78,14", "46,31,14;73,47,11;29,70,16");
            case LINEAR_REGRESSION ->
                sets("59,37,15;29,26,10;27,69,14", "41,36,15;11,41,10;13,76,11", "63,38,16;46,84,12;16,86,12");
            case CHICKENS_AND_RABBITS ->
                sets("130,82,5;88,56,5;107,89,5", "124,71,6;68,49,6;124,84,5", "132,80,6;104,74,6;66,47,6");
        };
    }

    private static List<List<Square>> sets(String... texts) {
        return Stream.of(texts).map(Square::parse).toList();
    }

    private static int triangle(int rows) {
        return rows * (rows + 1) / 2;
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
