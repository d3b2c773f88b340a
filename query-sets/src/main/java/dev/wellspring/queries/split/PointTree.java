package dev.wellspring.queries.split;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Items as points of a plane, to be found by the larger of the two differences: a tree that halves them along one axis
/// and then along the other (Bentley's k-d tree). Building costs n log² n, finding about log n.
final class PointTree {
    private final Place[] places;

    private PointTree(Collection<Place> places) {
        this.places = places.toArray(Place[]::new);
        arrange(0, this.places.length, true);
    }

    /// @param point null for items that have none
    static PointTree of(List<Item> items, Function<Item, @Nullable Point> point) {
        Map<Point, Place> places = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            Point at = point.apply(items.get(i));
            if (at != null) {
                int order = i;
                places.computeIfAbsent(
                                at,
                                key -> new Place(key, order, items.get(order).id()))
                        .count++;
            }
        }
        return new PointTree(places.values());
    }

    /// A place in the plane.
    record Point(int x, int y) {
        long along(boolean horizontal) {
            return horizontal ? x : y;
        }

        long distance(Point other) {
            return Math.max(Math.abs((long) x - other.x), Math.abs((long) y - other.y));
        }
    }

    /// The nearest items to a point; null if there is no point, or nothing in the tree.
    @Nullable
    Nearest nearest(@Nullable Point point) {
        if (point == null || places.length == 0) {
            return null;
        }
        var search = new Search(point);
        search.among(0, places.length, true);
        return new Nearest(search.distance, search.first.id, search.ties, null);
    }

    /// Puts the middle of a range in its place, the smaller before and the larger behind it, and so on within both.
    private void arrange(int from, int to, boolean horizontal) {
        if (to - from > 1) {
            int middle = (from + to) >>> 1;
            Arrays.sort(places, from, to, Comparator.comparingLong(place -> place.point.along(horizontal)));
            arrange(from, middle, !horizontal);
            arrange(middle + 1, to, !horizontal);
        }
    }

    /// The items at one point.
    private static final class Place {
        private final Point point;
        private final int order;
        private final String id;
        private int count;

        Place(Point point, int order, String id) {
            this.point = point;
            this.order = order;
            this.id = id;
        }
    }

    private final class Search {
        private final Point point;
        private long distance = Long.MAX_VALUE;
        private Place first = places[0];
        private int ties;

        Search(Point point) {
            this.point = point;
        }

        void among(int from, int to, boolean horizontal) {
            if (from < to) {
                int middle = (from + to) >>> 1;
                Place place = places[middle];
                visit(place);
                long beyond = point.along(horizontal) - place.point.along(horizontal);
                boolean before = beyond < 0;
                among(before ? from : middle + 1, before ? middle : to, !horizontal);
                if (Math.abs(beyond) <= distance) {
                    among(before ? middle + 1 : from, before ? to : middle, !horizontal);
                }
            }
        }

        private void visit(Place place) {
            long found = point.distance(place.point);
            if (found < distance) {
                distance = found;
                first = place;
                ties = 0;
            }
            if (found == distance) {
                first = place.order < first.order ? place : first;
                ties += place.count;
            }
        }
    }
}
