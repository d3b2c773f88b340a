package dev.wellspring.queries.split;

import dev.wellspring.queries.synthesis.Digits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How hard a split is, for each held-out point of a grid.
///
/// @param items in the order of the split's test part
public record SplitReport(List<HeldOut> items) {
    /// Copies the list.
    public SplitReport {
        items = List.copyOf(items);
    }

    /// One held-out point.
    ///
    /// @param id of the item
    /// @param distance to the nearest point in training, by the larger difference; null if there is none
    /// @param steps how many steps of column addition it takes
    /// @param stepsSeen how many of them, each with its place and carry, some point in training takes
    public record HeldOut(String id, @Nullable Integer distance, int steps, int stepsSeen) {
        /// Whether every step was seen.
        public boolean isCovered() {
            return stepsSeen == steps;
        }
    }

    /// Measures every held-out point.
    ///
    /// @param commutative whether (b, a) is as near as (a, b)
    /// @param base the base of the addition, 2 to 36
    /// @throws dev.wellspring.queries.corpus.CorpusException if an item has no coordinates a and b
    public static SplitReport of(Split split, List<Item> items, boolean commutative, int base) {
        Map<String, Item> byId = new HashMap<>();
        items.forEach(item -> byId.put(item.id(), item));
        Set<Point> train = new HashSet<>();
        Set<Digits.Step> seen = new HashSet<>();
        for (String id : split.train()) {
            Point point = Point.of(byId, id);
            train.add(point);
            if (commutative) {
                train.add(new Point(point.b, point.a));
            }
            seen.addAll(Digits.steps(point.a, point.b, base));
        }
        return new SplitReport(split.test().stream()
                .map(id -> measured(id, Point.of(byId, id), train, seen, base))
                .toList());
    }

    private static HeldOut measured(String id, Point point, Set<Point> train, Set<Digits.Step> seen, int base) {
        List<Digits.Step> steps = Digits.steps(point.a, point.b, base);
        int covered = (int) steps.stream().filter(seen::contains).count();
        return new HeldOut(id, train.isEmpty() ? null : distance(point, train), steps.size(), covered);
    }

    /// Looks around the point in growing rings; once a ring is longer than the list of points, at the list.
    private static int distance(Point point, Set<Point> train) {
        for (int distance = 0; 8L * distance <= train.size(); distance++) {
            if (meets(point, distance, train)) {
                return distance;
            }
        }
        return train.stream().mapToInt(point::distance).min().orElseThrow();
    }

    private static boolean meets(Point point, int distance, Set<Point> train) {
        for (int i = -distance; i <= distance; i++) {
            if (train.contains(new Point(point.a + i, point.b - distance))
                    || train.contains(new Point(point.a + i, point.b + distance))
                    || train.contains(new Point(point.a - distance, point.b + i))
                    || train.contains(new Point(point.a + distance, point.b + i))) {
                return true;
            }
        }
        return false;
    }

    private record Point(int a, int b) {
        static Point of(Map<String, Item> byId, String id) {
            Item item = byId.get(id);
            if (item == null) {
                throw new IllegalArgumentException("items: expected those of the split, got none with id " + id);
            }
            return new Point(item.coordinate("a"), item.coordinate("b"));
        }

        int distance(Point other) {
            return Math.max(Math.abs(a - other.a), Math.abs(b - other.b));
        }
    }
}
