package dev.wellspring.queries.split;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.grid.Cell;
import dev.wellspring.queries.task.grid.GridTask;
import dev.wellspring.queries.task.grid.Square;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Disjoint squares inside the grid: centres uniform, half-sides uniform within bounds. The same seed draws the same
/// ones for every corpus of the same task.
///
/// @param halfSides null for those that are published for the task
public record DrawnSquares(int count, @Nullable Bounds halfSides) implements SplitRule {
    private static final Bounds PUBLISHED = new Bounds(10, 19);

    /// A triangle has less room.
    private static final Bounds PUBLISHED_IN_TRIANGLE = new Bounds(5, 14);

    private static final int DRAWS = 100_000;

    /// The smallest and the largest half-side.
    public record Bounds(int min, int max) {
        /// Checks the order.
        public Bounds {
            RuleForm.require(min >= 0 && min <= max, "the smaller half-side first");
        }
    }

    /// Checks the number.
    public DrawnSquares {
        RuleForm.require(count > 0, "at least one square");
    }

    @Override
    public String text() {
        return "squares:" + count + (halfSides == null ? "" : "," + halfSides.min + "-" + halfSides.max);
    }

    @Override
    public Need need() {
        return Need.CELL;
    }

    @Override
    public Choice choose(List<Item> items, long seed) {
        List<GridTask> tasks = items.stream()
                .map(Item::grid)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .toList();
        return new Squares(drawn(tasks, seed)).choose(items, seed);
    }

    /// Squares that lie inside the grids of all the tasks.
    List<Square> drawn(List<GridTask> tasks, long seed) {
        List<Set<Cell>> grids = tasks.stream()
                .map(task -> task.cells().collect(Collectors.toSet()))
                .toList();
        int width = 1 + max(grids, Cell::a);
        int height = 1 + max(grids, Cell::b);
        Bounds bounds = halfSides == null ? published(tasks) : halfSides;
        RandomGenerator random = new SplittableRandom(seed);
        List<Square> squares = new ArrayList<>();
        for (int draw = 0; draw < DRAWS && squares.size() < count; draw++) {
            int half = random.nextInt(bounds.min, bounds.max + 1);
            var square = new Square(random.nextInt(width), random.nextInt(height), half);
            if (grids.stream().allMatch(grid -> grid.containsAll(corners(square)))
                    && squares.stream().noneMatch(other -> meet(square, other))) {
                squares.add(square);
            }
        }
        if (squares.size() < count) {
            throw CorpusException.at(
                    "rule " + text(),
                    "room for " + count + " disjoint squares",
                    "room for " + squares.size(),
                    "ask for fewer or smaller ones, or try another seed");
        }
        return squares;
    }

    private static Bounds published(Collection<GridTask> tasks) {
        return tasks.contains(GridTask.CHICKENS_AND_RABBITS) ? PUBLISHED_IN_TRIANGLE : PUBLISHED;
    }

    /// Grids are convex, so that a square is inside where its corners are.
    private static List<Cell> corners(Square square) {
        int r = square.halfSide();
        return Stream.of(-r, r)
                .flatMap(i -> Stream.of(-r, r).map(j -> new Cell(square.centreA() + i, square.centreB() + j)))
                .toList();
    }

    private static boolean meet(Square one, Square other) {
        int reach = one.halfSide() + other.halfSide();
        return Math.abs(one.centreA() - other.centreA()) <= reach && Math.abs(one.centreB() - other.centreB()) <= reach;
    }

    private static int max(Collection<Set<Cell>> grids, ToIntFunction<Cell> coordinate) {
        return grids.stream().flatMap(Set::stream).mapToInt(coordinate).max().orElse(0);
    }
}
