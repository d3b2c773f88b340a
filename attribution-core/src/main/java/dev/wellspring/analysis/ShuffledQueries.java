package dev.wellspring.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// Another query for every query, so that what a ranking owes to its query can be told from what it shows for any.
///
/// The queries are drawn into an order where those of a group follow one another, and each takes the one that is as far
/// ahead as the largest group is large: no query keeps its own, each is taken once, and where no group holds more than
/// half of the queries, none takes one of its own group. Groups are kinds, such as factual; where one kind holds more
/// than half of the queries, families.
public final class ShuffledQueries {
    private ShuffledQueries() {}

    /// (queries) the number of the other query of each.
    ///
    /// @param kinds (queries) such as factual or reasoning
    /// @param families (queries) the task within the kind
    /// @param seed where the order comes from
    /// @throws IllegalArgumentException for fewer than two queries, which have no other
    public static int[] of(List<String> kinds, List<String> families, long seed) {
        int queries = kinds.size();
        if (queries < 2 || families.size() != queries) {
            throw new IllegalArgumentException(
                    "kinds, families: expected as many, and at least 2, got " + queries + ", " + families.size());
        }
        List<String> groups = kinds;
        if (2 * largest(kinds) > queries) {
            groups = IntStream.range(0, queries)
                    .mapToObj(q -> kinds.get(q) + "\n" + families.get(q))
                    .toList();
        }
        List<Integer> order = grouped(groups, seed);
        int ahead = largest(groups);
        int[] other = new int[queries];
        for (int i = 0; i < queries; i++) {
            other[order.get(i)] = order.get((i + (ahead == queries ? 1 : ahead)) % queries);
        }
        return other;
    }

    private static List<Integer> grouped(List<String> groups, long seed) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, groups.size()).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        order.sort(Comparator.comparing(groups::get)); // stable
        return order;
    }

    private static int largest(List<String> groups) {
        Map<String, Integer> sizes = new HashMap<>();
        groups.forEach(group -> sizes.merge(group, 1, Integer::sum));
        return Collections.max(sizes.values());
    }
}
