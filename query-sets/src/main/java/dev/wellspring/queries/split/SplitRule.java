package dev.wellspring.queries.split;

import dev.wellspring.queries.synthesis.Digits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Which items a split holds out. As a record, its text names everything but the seed.
public sealed interface SplitRule {
    /// Decides for all items, drawing from the seed where there is something to draw.
    ///
    /// @return whether an item is held out
    Predicate<Item> heldOut(List<Item> items, long seed);

    /// A share of the items, rounded to the nearest whole number, stays in training.
    record Random(double trainShare) implements SplitRule {
        @Override
        public Predicate<Item> heldOut(List<Item> items, long seed) {
            List<String> ids = items.stream().map(Item::id).toList();
            Set<String> test = drawn(ids, ids.size() - (int) Math.round(trainShare * ids.size()), seed);
            return item -> test.contains(item.id());
        }
    }

    /// The points within `halfSide` of a centre along both axes: (2 · halfSide + 1)² cells.
    record Square(int a, int b, int halfSide) implements SplitRule {
        @Override
        public Predicate<Item> heldOut(List<Item> items, long seed) {
            return item ->
                    Math.abs(item.coordinate("a") - a) <= halfSide && Math.abs(item.coordinate("b") - b) <= halfSide;
        }

        boolean meets(Square other) {
            int reach = halfSide + other.halfSide;
            return Math.abs(a - other.a) <= reach && Math.abs(b - other.b) <= reach;
        }
    }

    /// Several squares.
    record Squares(List<Square> squares) implements SplitRule {
        /// Copies the list.
        public Squares {
            squares = List.copyOf(squares);
        }

        /// Disjoint squares inside a grid of `side` × `side`: centres uniform, half-sides uniform within bounds.
        ///
        /// @throws IllegalArgumentException if so many are not found in 100,000 draws
        public static Squares drawn(int count, int side, int minHalfSide, int maxHalfSide, long seed) {
            RandomGenerator random = new SplittableRandom(seed);
            List<Square> squares = new ArrayList<>();
            for (int draw = 0; draw < 100_000 && squares.size() < count; draw++) {
                int half = random.nextInt(minHalfSide, maxHalfSide + 1);
                var square = new Square(random.nextInt(side), random.nextInt(side), half);
                boolean inside = Math.min(square.a, square.b) >= half && Math.max(square.a, square.b) + half < side;
                if (inside && squares.stream().noneMatch(square::meets)) {
                    squares.add(square);
                }
            }
            if (squares.size() < count) {
                throw new IllegalArgumentException(
                        "expected room for " + count + " disjoint squares, found " + squares.size());
            }
            return new Squares(squares);
        }

        @Override
        public Predicate<Item> heldOut(List<Item> items, long seed) {
            return item -> squares.stream()
                    .anyMatch(square -> square.heldOut(items, seed).test(item));
        }
    }

    /// Rows `firstRow` to `lastRow` (of a) crossed with random columns (of b): each held-out point keeps
    /// neighbours along one axis.
    record Stripe(int firstRow, int lastRow, int columns) implements SplitRule {
        @Override
        public Predicate<Item> heldOut(List<Item> items, long seed) {
            Set<Integer> drawn = drawn(values(items, "b"), columns, seed);
            return item -> item.coordinate("a") >= firstRow
                    && item.coordinate("a") <= lastRow
                    && drawn.contains(item.coordinate("b"));
        }
    }

    /// A diagonal band: the points whose sum lies within bounds.
    record Band(int firstSum, int lastSum) implements SplitRule {
        @Override
        public Predicate<Item> heldOut(List<Item> items, long seed) {
            return item -> {
                int sum = item.coordinate("a") + item.coordinate("b");
                return sum >= firstSum && sum <= lastSum;
            };
        }
    }

    /// The sums that take one step of column addition.
    record DigitStep(Digits.Step step, int base) implements SplitRule {
        @Override
        public Predicate<Item> heldOut(List<Item> items, long seed) {
            return item -> Digits.steps(item.coordinate("a"), item.coordinate("b"), base)
                    .contains(step);
        }
    }

    /// The items whose coordinate `length` is above the longest in training.
    record Length(int longest) implements SplitRule {
        @Override
        public Predicate<Item> heldOut(List<Item> items, long seed) {
            return item -> item.coordinate("length") > longest;
        }
    }

    /// Region × region: a share of the states is drawn, and the pairs with both ends among them are held out.
    ///
    /// @param start the coordinate that numbers the first state
    /// @param goal the coordinate that numbers the second
    record Regions(String start, String goal, double stateShare) implements SplitRule {
        @Override
        public Predicate<Item> heldOut(List<Item> items, long seed) {
            Set<Integer> states = new TreeSet<>(values(items, start));
            states.addAll(values(items, goal));
            Set<Integer> region = drawn(List.copyOf(states), (int) Math.round(stateShare * states.size()), seed);
            return item -> region.contains(item.coordinate(start)) && region.contains(item.coordinate(goal));
        }
    }

    /// One skin.
    record Skin(String name) implements SplitRule {
        @Override
        public Predicate<Item> heldOut(List<Item> items, long seed) {
            return item -> item.label("skin").equals(name);
        }
    }

    /// One template.
    record Template(String name) implements SplitRule {
        @Override
        public Predicate<Item> heldOut(List<Item> items, long seed) {
            return item -> item.label("template").equals(name);
        }
    }

    /// A share of the facts, with every document of each.
    record Facts(double factShare) implements SplitRule {
        @Override
        public Predicate<Item> heldOut(List<Item> items, long seed) {
            List<Integer> facts = values(items, "fact");
            Set<Integer> drawn = drawn(facts, (int) Math.round(factShare * facts.size()), seed);
            return item -> drawn.contains(item.coordinate("fact"));
        }
    }

    /// The values of a coordinate, ascending.
    private static List<Integer> values(List<Item> items, String name) {
        return items.stream()
                .map(item -> item.coordinate(name))
                .distinct()
                .sorted()
                .toList();
    }

    /// Some of a list, each as likely as any other.
    private static <T> Set<T> drawn(List<T> from, int count, long seed) {
        int[] order = IntStream.range(0, from.size()).toArray();
        var random = new SplittableRandom(seed);
        for (int i = 0; i < Math.min(count, order.length); i++) {
            int other = random.nextInt(i, order.length);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return IntStream.range(0, Math.min(count, order.length))
                .mapToObj(i -> from.get(order[i]))
                .collect(Collectors.toUnmodifiableSet());
    }
}
