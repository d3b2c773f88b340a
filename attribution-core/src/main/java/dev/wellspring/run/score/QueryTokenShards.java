package dev.wellspring.run.score;

import java.io.IOException;
import java.util.List;

/// Where the scores of query tokens lie, of the documents at the ends of a run's rankings. What writes files
/// implements it.
public interface QueryTokenShards extends AutoCloseable {
    /// How many documents at either end of every ranking.
    int ends();

    /// The documents at the ends, in the run's order. Reads the scores.
    List<TailDocument> documents();

    /// Whether a shard is there, of these documents.
    boolean isWhole(int shard);

    /// Writes a shard, whole or not at all.
    ///
    /// @param documents those of the shard
    /// @param scores (documents, queries of the document, rows of the query) nats per unit weight of the document
    void write(int shard, List<TailDocument> documents, double[][][] scores) throws IOException;

    @Override
    void close();
}
