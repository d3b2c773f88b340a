package dev.wellspring.run.score;

import dev.wellspring.influence.ScoreSink;

/// Where the shards of a score run lie. What writes files implements it.
public interface ScoreShards {
    /// How many shards are whole, counted from the first without a gap.
    int wholeShards();

    /// How many chunks are in them.
    long wholeChunks();

    /// Begins, or begins again, a shard.
    ScoreSink open(int shard);
}
