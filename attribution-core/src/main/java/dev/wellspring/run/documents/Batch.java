package dev.wellspring.run.documents;

import dev.wellspring.model.PackedBatch;
import java.util.List;

/// Chunks that go through the model together.
///
/// @param firstChunk the number of chunks before this batch, since the first document
/// @param shard the shard the batch belongs to, from 0
/// @param endsShard whether it is the last batch of its shard: work is only committed there
/// @param chunks at least one
public record Batch(long firstChunk, int shard, boolean endsShard, List<DocumentChunk> chunks) {
    /// The rows of all chunks.
    public PackedBatch pack() {
        return PackedBatch.of(chunks.stream().map(DocumentChunk::sequence).toList());
    }

    /// The first chunks, as many as have no more than so many rows together, and at least one.
    public Batch upTo(int rows) {
        int count = 1;
        int taken = chunks.getFirst().rows();
        while (count < chunks.size() && taken + chunks.get(count).rows() <= rows) {
            taken += chunks.get(count).rows();
            count++;
        }
        return new Batch(firstChunk, shard, endsShard && count == chunks.size(), chunks.subList(0, count));
    }

    /// The number of token ids.
    public long tokens() {
        return chunks.stream().mapToLong(chunk -> chunk.tokens().length).sum();
    }

    /// The number of chunks up to the end of this batch.
    public long endChunk() {
        return firstChunk + chunks.size();
    }
}
