package dev.wellspring.gradient;

import java.util.Iterator;
import java.util.List;

/// A snapshot of a store: what was visible when it was opened, whatever is added meanwhile.
public interface StoredGradients {
    /// What every shard holds.
    GradientLayout layout();

    /// The number of documents of each shard, chunks counted one by one.
    long[] shardDocuments();

    /// What is kept of one document beside its gradient.
    ///
    /// @param row its number within the shard
    StoredDocument document(int shard, long row);

    /// What each disk holds.
    List<Lane> lanes();

    /// The batches on one disk, in the order of shards, to be read one after the other.
    ///
    /// @param disk for people
    record Lane(String disk, Iterator<? extends StoredBatch> batches) {}
}
