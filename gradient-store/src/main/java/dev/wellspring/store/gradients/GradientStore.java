package dev.wellspring.store.gradients;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.store.arrow.StoreFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A store as it was when it was opened: every shard of its snapshot, found and memory-mapped. What is appended,
/// repaired or merged meanwhile does not show.
///
/// Any number of threads may read. [#close] ends all views.
public final class GradientStore implements AutoCloseable {
    private final GradientSnapshot snapshot;
    private final List<GradientShardReader> shards = new ArrayList<>();

    private GradientStore(GradientSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    /// Finds and opens every shard of the latest snapshot.
    ///
    /// @param folder where `store.json` is
    /// @throws StoreFileException if there is no store, a shard is missing, its footer is damaged, or it is of
    ///     another store
    public static GradientStore open(Path folder) {
        while (true) {
            GradientSnapshot snapshot = GradientSnapshot.read(folder);
            try {
                return open(snapshot, StoreDisks.read(folder));
            } catch (StoreFileException e) {
                if (GradientSnapshot.read(folder).equals(snapshot)) {
                    throw e;
                } // else a repair has put another file in the place of one
            }
        }
    }

    private static GradientStore open(GradientSnapshot snapshot, StoreDisks disks) {
        GradientStore store = new GradientStore(snapshot);
        boolean opened = false;
        try {
            for (ShardEntry entry : snapshot.shards()) {
                store.shards.add(disks.open(entry, snapshot.layout()));
            }
            opened = true;
            return store;
        } finally {
            if (!opened) {
                store.close();
            }
        }
    }

    /// What it holds.
    public GradientSnapshot snapshot() {
        return snapshot;
    }

    /// What all shards have in common.
    public GradientLayout layout() {
        return snapshot.layout();
    }

    /// The number of documents, chunks counted one by one.
    public long documents() {
        return snapshot.documents();
    }

    /// The folders that hold its shards: one for each disk, so that one thread may read each.
    public List<Path> folders() {
        return shards.stream().map(GradientShardReader::folder).distinct().toList();
    }

    /// All batches, in the order of shards and documents.
    public Stream<GradientBatch> batches() {
        return shards.stream().flatMap(GradientShardReader::batches);
    }

    /// The batches that lie in one folder, in the order of shards and documents.
    public Stream<GradientBatch> batches(Path folder) {
        return shards.stream().filter(shard -> shard.folder().equals(folder)).flatMap(GradientShardReader::batches);
    }

    /// What is kept of one document beside its gradient, checked.
    ///
    /// @param row its number within the shard
    /// @throws StoreFileException if it is damaged
    public StoredDocument document(int shard, long row) {
        return shards.get(shard).document(row);
    }

    @Override
    public void close() {
        shards.forEach(GradientShardReader::close);
    }
}
