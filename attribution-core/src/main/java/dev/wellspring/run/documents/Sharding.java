package dev.wellspring.run.documents;

/// How a stream of chunks is cut. The cuts depend on the chunks alone, so that a run that goes on later cuts alike.
///
/// @param batchRows the most rows that go through the model together
/// @param batchDocuments the most chunks that do
/// @param shardTokens a shard ends with the chunk that brings it to this many tokens
/// @param shardChunks or with the chunk of this number
/// @param maxDocuments how many documents to read, −1 for all
public record Sharding(int batchRows, int batchDocuments, long shardTokens, long shardChunks, long maxDocuments) {
    /// Shards that end by their tokens alone.
    public Sharding(int batchRows, int batchDocuments, long shardTokens, long maxDocuments) {
        this(batchRows, batchDocuments, shardTokens, Long.MAX_VALUE, maxDocuments);
    }

    public Sharding {
        if (batchRows < 1 || batchDocuments < 1 || shardTokens < 1 || shardChunks < 1) {
            throw new IllegalArgumentException(
                    "batchRows, batchDocuments, shardTokens, shardChunks: expected at least 1, got " + batchRows + ", "
                            + batchDocuments + ", " + shardTokens + ", " + shardChunks);
        }
    }
}
