package dev.wellspring.validation;

import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Which documents are taken away to see what becomes of some queries: for every query the k that some order puts
/// first, all of them together.
public final class Removal {
    private Removal() {}

    /// The k largest scores of every query; ties go to the earlier document.
    ///
    /// @param scores (queries, documents)
    public static BitSet top(double[][] scores, int k) {
        var removed = new BitSet();
        for (double[] ofQuery : scores) {
            order(ofQuery).subList(0, Math.min(k, ofQuery.length)).forEach(removed::set);
        }
        return removed;
    }

    /// The k smallest scores of every query; ties go to the later document.
    ///
    /// @param scores (queries, documents)
    public static BitSet bottom(double[][] scores, int k) {
        var removed = new BitSet();
        for (double[] ofQuery : scores) {
            List<Integer> order = order(ofQuery);
            order.subList(Math.max(0, order.size() - k), order.size()).forEach(removed::set);
        }
        return removed;
    }

    /// So many documents, drawn at random.
    public static BitSet random(int documents, int count, long seed) {
        if (count == 0) {
            return new BitSet();
        }
        return count >= documents
                ? all(documents)
                : Subsets.draw(documents, (double) count / documents, 1, seed).getFirst();
    }

    private static BitSet all(int documents) {
        var all = new BitSet();
        all.set(0, documents);
        return all;
    }

    private static List<Integer> order(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer d) -> -scores[d]))
                .toList();
    }
}
