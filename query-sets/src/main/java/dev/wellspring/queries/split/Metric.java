package dev.wellspring.queries.split;

import dev.wellspring.queries.split.PointTree.Point;
import dev.wellspring.queries.task.grid.Cell;
import dev.wellspring.queries.task.grid.GridTask;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How far apart two problems of one kind are. Problems of different kinds, which are those with unequal metrics, are
/// no distance from each other.
public sealed interface Metric {
    /// What the number means, for people.
    String meaning();

    /// Makes ready to measure how far items are from these.
    Neighbourhood among(List<Item> train);

    /// Whether there are distances of this kind.
    default boolean isDefined() {
        return !(this instanceof None);
    }

    /// The name in files: lower case.
    default String name() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /// Finds the nearest.
    interface Neighbourhood {
        /// The nearest items in training; null if there are none, or the item has no place among them.
        @Nullable
        Nearest nearest(Item item);
    }

    /// The metric of an item. A rule that holds out by length asks for the difference of lengths, whatever else there
    /// is to measure.
    static Metric of(Item item, SplitRule rule) {
        Integer length = item.length();
        if (rule instanceof SplitRule.Length && length != null) {
            return new Length(item.task());
        }
        if (item.cell() != null && item.grid() != null) {
            return new Grid(item.grid());
        }
        int blocks = BlockStates.blocks(item);
        if (blocks > 0) {
            return new Blocks(blocks);
        }
        return length == null ? new None(item.task()) : new Length(item.task());
    }

    /// Points of a grid: the larger difference along the axes, which keeps the square's rings apart.
    record Grid(GridTask task) implements Metric {
        @Override
        public String meaning() {
            return "the larger difference of a and b in " + task.text()
                    + (task.isCommutative() ? ", where (b, a) is the same problem" : "");
        }

        @Override
        public Neighbourhood among(List<Item> train) {
            PointTree tree = PointTree.of(train, this::point);
            return item -> tree.nearest(point(item));
        }

        /// The smaller number first where the order does not matter: by the larger difference, the nearer of (a, b) and
        /// (b, a) is always the one in the same order.
        private @Nullable Point point(Item item) {
            Cell cell = item.cell();
            if (cell == null) {
                return null;
            }
            return task.isCommutative() && cell.a() > cell.b()
                    ? new Point(cell.b(), cell.a())
                    : new Point(cell.a(), cell.b());
        }
    }

    /// Numbers of digits.
    record Length(String task) implements Metric {
        @Override
        public String meaning() {
            return "the difference of lengths in " + task + ", in digits";
        }

        @Override
        public Neighbourhood among(List<Item> train) {
            PointTree tree = PointTree.of(train, Length::point);
            return item -> tree.nearest(point(item));
        }

        private static @Nullable Point point(Item item) {
            Integer length = item.length();
            return length == null ? null : new Point(length, 0);
        }
    }

    /// Problems of a closed world of blocks: the actions between the starts and those between the goals, together.
    record Blocks(int blocks) implements Metric {
        @Override
        public String meaning() {
            return "actions between the starts and between the goals, of " + blocks + " blocks, in whatever skin";
        }

        @Override
        public Neighbourhood among(List<Item> train) {
            return new PairDistances(new BlockStates(blocks), train);
        }
    }

    /// Items that are at no distance from each other.
    record None(String task) implements Metric {
        @Override
        public String meaning() {
            return "no distance is defined for these items of the task \"" + task + "\"";
        }

        @Override
        public Neighbourhood among(List<Item> train) {
            return item -> null;
        }
    }
}
