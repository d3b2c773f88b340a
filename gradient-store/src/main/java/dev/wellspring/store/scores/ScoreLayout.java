package dev.wellspring.store.scores;

import dev.wellspring.tensor.DType;
import java.util.HashSet;
import java.util.List;

/// What every score shard of a run has in common.
///
/// @param queries the ids of the queries, in order; at least one, all different
/// @param dtype FLOAT32 or FLOAT64: how scores are stored
/// @param run what identifies the run, usually a digest of its inputs and settings; shards of different runs are
///     never read together
/// @param tokenScores whether the score of every row is kept
/// @param modules the tracked modules whose shares are kept, in order; empty if they are not kept
public record ScoreLayout(List<String> queries, DType dtype, String run, boolean tokenScores, List<String> modules) {
    public ScoreLayout {
        queries = List.copyOf(queries);
        modules = List.copyOf(modules);
        if (queries.isEmpty()) {
            throw new IllegalArgumentException("queries: expected at least 1, got 0");
        }
        requireDistinct("queries", queries);
        requireDistinct("modules", modules);
        if (dtype != DType.FLOAT32 && dtype != DType.FLOAT64) {
            throw new IllegalArgumentException("dtype: expected FLOAT32 or FLOAT64, got " + dtype);
        }
    }

    /// Scores as sums over rows and modules only.
    public ScoreLayout(List<String> queries, DType dtype, String run) {
        this(queries, dtype, run, false, List.of());
    }

    private static void requireDistinct(String name, List<String> ids) {
        HashSet<String> seen = new HashSet<>();
        for (String id : ids) {
            if (!seen.add(id)) {
                throw new IllegalArgumentException(name + ": expected different ids, got \"" + id + "\" twice");
            }
        }
    }
}
