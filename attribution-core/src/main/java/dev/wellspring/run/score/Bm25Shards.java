package dev.wellspring.run.score;

import dev.wellspring.analysis.DocumentScores;
import java.io.IOException;

/// Where the BM25 scores of a run lie: beside its shards, with the same rows. What writes files implements it.
public interface Bm25Shards extends AutoCloseable {
    /// How many shards the run has.
    int shards();

    /// How many documents are in them, chunks counted one by one.
    int documents();

    /// Whether a shard's BM25 scores are there.
    boolean isWhole(int shard);

    /// Writes a shard's BM25 scores, whole or not at all.
    ///
    /// @param scores of all documents of the run, in its order
    void write(int shard, DocumentScores scores) throws IOException;

    @Override
    void close();
}
