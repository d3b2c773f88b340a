package dev.wellspring.analysis;

import dev.wellspring.validation.Bootstrap;
import dev.wellspring.validation.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// Queries that are looked at together: all of one kind, or those of one kind and task.
///
/// @param kind factual, reasoning or control
/// @param family the task; empty for all queries of the kind
/// @param queries their numbers, ascending; at least one
public record QueryGroup(String kind, String family, int[] queries) {
    private static final long SEED = 0;

    /// Every kind in the order of its first query, followed by its tasks in theirs. A kind of one task comes
    /// once.
    public static List<QueryGroup> of(List<AnalysedQuery> queries) {
        Map<String, Map<String, List<Integer>>> kinds = new LinkedHashMap<>();
        for (int q = 0; q < queries.size(); q++) {
            kinds.computeIfAbsent(queries.get(q).kind(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(queries.get(q).family(), _ -> new ArrayList<>())
                    .add(q);
        }
        List<QueryGroup> groups = new ArrayList<>();
        kinds.forEach((kind, families) -> {
            int[] all = families.values().stream()
                    .flatMapToInt(QueryGroup::numbers)
                    .sorted()
                    .toArray();
            groups.add(new QueryGroup(kind, "", all));
            if (families.size() > 1) {
                families.forEach((family, some) ->
                        groups.add(new QueryGroup(kind, family, numbers(some).toArray())));
            }
        });
        return List.copyOf(groups);
    }

    /// Whether it is all queries of its kind.
    public boolean isKind() {
        return family.isEmpty();
    }

    /// `factual`, or `reasoning, slope`.
    public String name() {
        return isKind() ? kind : kind + ", " + family;
    }

    /// A value of each of its queries, without those that are NaN.
    double[] values(IntToDoubleFunction ofQuery) {
        return IntStream.of(queries)
                .mapToDouble(ofQuery)
                .filter(value -> !Double.isNaN(value))
                .toArray();
    }

    /// The mean of a value over its queries, with a 95 % interval over resampled queries; of a single one
    /// nothing is known of the interval.
    Interval mean(IntToDoubleFunction ofQuery) {
        return Bootstrap.mean(values(ofQuery), SEED);
    }

    private static IntStream numbers(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue);
    }
}
