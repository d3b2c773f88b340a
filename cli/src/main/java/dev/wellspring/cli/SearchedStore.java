package dev.wellspring.cli;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.gradient.StoredGradients;
import dev.wellspring.store.gradients.GradientStore;
import dev.wellspring.store.gradients.ShardEntry;
import java.util.List;

/// A gradient store, as a search sees it.
///
/// @param store stays the caller's
record SearchedStore(GradientStore store) implements StoredGradients {
    @Override
    public GradientLayout layout() {
        return store.layout();
    }

    @Override
    public long[] shardDocuments() {
        return store.snapshot().shards().stream()
                .mapToLong(ShardEntry::documents)
                .toArray();
    }

    @Override
    public StoredDocument document(int shard, long row) {
        return store.document(shard, row);
    }

    @Override
    public List<Lane> lanes() {
        return store.folders().stream()
                .map(folder -> new Lane(folder.toString(), store.batches(folder).iterator()))
                .toList();
    }
}
