package dev.wellspring.gradient;

import java.util.List;

/// A snapshot of a store: what was visible when it was opened, whatever is added meanwhile.
public interface StoredGradients extends AutoCloseable {
    /// What every shard holds.
    GradientLayout layout();

    /// The number of documents of each shard, chunks counted one by one.
    long[] shardDocuments();

    /// What each disk holds, in the order of shards.
    List<Lane> lanes();

    /// The batches on one disk, to be read one after the other.
    interface Lane {
        /// The disk, for people.
        String name();

        int batches();

        /// @throws RuntimeException naming the file, if it cannot be read
        StoredBatch batch(int index);

        /// Brings a batch into memory, if it is not there.
        void load(int index);
    }

    @Override
    void close();
}
