package dev.wellspring.analysis;

import dev.wellspring.analysis.CorrelationBlock.Relation;
import dev.wellspring.validation.Bootstrap;
import dev.wellspring.validation.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sorts pairs of queries by what they are to each other.
final class CorrelationBlocks {
    private static final String CONTROL = "control";
    private static final long SEED = 0;

    private final CrossQueryCorrelation matrix;
    private final List<AnalysedQuery> queries;
    private final int[] kinds;

    private CorrelationBlocks(CrossQueryCorrelation matrix, List<AnalysedQuery> queries) {
        this.matrix = matrix;
        this.queries = queries;
        List<String> names =
                queries.stream().map(AnalysedQuery::kind).distinct().toList();
        this.kinds =
                queries.stream().mapToInt(query -> names.indexOf(query.kind())).toArray();
    }

    /// In the order of [Relation], and within one in the order in which such pairs are met. Pairs of a query
    /// with a control of another task are in none.
    static List<CorrelationBlock> of(CrossQueryCorrelation matrix, List<AnalysedQuery> queries) {
        return new CorrelationBlocks(matrix, queries).blocks();
    }

    private record Key(Relation relation, String kind, String family, String other) {}

    private record Pair(int first, int second) {}

    private List<CorrelationBlock> blocks() {
        Map<Key, List<Pair>> blocks = new LinkedHashMap<>();
        for (int i = 0; i < queries.size(); i++) {
            for (int j = i + 1; j < queries.size(); j++) {
                Key key = key(queries.get(i), queries.get(j));
                if (key != null && !Double.isNaN(matrix.at(i, j))) {
                    blocks.computeIfAbsent(key, _ -> new ArrayList<>()).add(new Pair(i, j));
                }
            }
        }
        return blocks.entrySet().stream()
                .map(block -> block(block.getKey(), block.getValue()))
                .sorted(Comparator.comparing(CorrelationBlock::relation))
                .toList();
    }

    private static @Nullable Key key(AnalysedQuery one, AnalysedQuery other) {
        if (one.kind().equals(other.kind())) {
            return one.family().equals(other.family())
                    ? new Key(Relation.WITHIN_TASK, one.kind(), one.family(), one.kind())
                    : new Key(Relation.ACROSS_TASKS, one.kind(), "", one.kind());
        }
        if (one.kind().equals(CONTROL)) {
            return key(other, one);
        }
        if (!other.kind().equals(CONTROL)) {
            return one.kind().compareTo(other.kind()) < 0
                    ? new Key(Relation.ACROSS_KINDS, one.kind(), "", other.kind())
                    : new Key(Relation.ACROSS_KINDS, other.kind(), "", one.kind());
        }
        if (one.id().equals(other.controlOf())) {
            return new Key(Relation.OWN_CONTROL, one.kind(), "", CONTROL);
        }
        return one.family().equals(other.family()) ? new Key(Relation.OTHER_CONTROLS, one.kind(), "", CONTROL) : null;
    }

    private CorrelationBlock block(Key key, List<Pair> pairs) {
        double[] values = pairs.stream()
                .mapToDouble(pair -> matrix.at(pair.first(), pair.second()))
                .toArray();
        int[] first = pairs.stream().mapToInt(Pair::first).toArray();
        int[] second = pairs.stream().mapToInt(Pair::second).toArray();
        Interval mean = values.length == 1 || key.relation() == Relation.OWN_CONTROL
                ? Bootstrap.mean(values, SEED)
                : Bootstrap.pairs(first, second, values, kinds, SEED);
        return new CorrelationBlock(
                key.relation(), key.kind(), key.family(), key.other(), pairs.size(), Spread.of(values), mean);
    }
}
