package dev.wellspring.store.gradients;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.store.arrow.StoreFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Adds shards to a store: those that come, and those that an earlier process wrote and did not commit.
///
/// A shard is written whole into one of [#folders]; it is part of the store once a snapshot that names it is committed.
/// One process at a time; readers need not mind.
public final class GradientStoreWriter {
    private final Path store;
    private final GradientLayout layout;
    private final StoreDisks disks;
    private final List<Path> folders;
    private final List<ShardEntry> whole = new ArrayList<>();
    private @Nullable GradientSnapshot committed;

    /// Opens a store, new or not, and deletes what an interrupted process left of no use: shards beyond a gap or
    /// not whole, and files that a repair has replaced.
    ///
    /// @param store its folder, which exists
    /// @param disks where to write: folders that exist; if there are none, where shards were written before, and
    ///     in a new store the store itself
    /// @throws StoreFileException if the store holds other gradients, or a disk cannot be used
    public GradientStoreWriter(Path store, GradientLayout layout, List<Path> disks) {
        this.store = store;
        this.layout = layout;
        if (GradientSnapshot.exists(store)) {
            GradientSnapshot found = GradientSnapshot.read(store);
            requireSame(store, found.layout());
            whole.addAll(found.shards());
            committed = found;
        }
        this.disks = StoreDisks.read(store).with(disks, layout.store());
        this.folders = this.disks.foldersOn(disks);
        List<ShardFile> files = this.disks.present().stream()
                .flatMap(folder -> ShardFile.in(folder).stream())
                .toList();
        adopt(files);
        List<ShardFile> useless = files.stream().filter(this::isUseless).toList();
        useless.stream().filter(file -> !file.isPart()).forEach(this::entry); // refuses those of another store
        useless.forEach(file -> ShardFile.delete(file.path()));
    }

    private void requireSame(Path where, GradientLayout found) {
        String difference = LayoutDifference.between(layout, found);
        if (difference != null) {
            throw new StoreFileException(where, "holds other gradients: " + difference + "; give another --out");
        }
    }

    /// Takes the shards that follow those of the snapshot, up to the first gap.
    private void adopt(List<ShardFile> files) {
        Map<Integer, ShardFile> latest = new TreeMap<>();
        for (ShardFile file : files) {
            if (!file.isPart()) {
                latest.merge(file.shard(), file, (one, other) -> one.revision() < other.revision() ? other : one);
            }
        }
        ShardFile next = latest.get(whole.size());
        while (next != null && adopt(next)) {
            next = latest.get(whole.size());
        }
    }

    /// Returns false if the file is not a whole shard.
    private boolean adopt(ShardFile file) {
        ShardEntry entry = entry(file);
        return entry != null && whole.add(entry);
    }

    /// Null if the file is not a whole shard.
    private @Nullable ShardEntry entry(ShardFile file) {
        GradientShardReader reader;
        try {
            reader = new GradientShardReader(file.path(), file.shard());
        } catch (StoreFileException notWhole) {
            return null;
        }
        try (reader) {
            requireSame(file.path(), reader.layout());
            return ShardEntry.of(reader, file.revision());
        }
    }

    private boolean isUseless(ShardFile file) {
        return file.isPart()
                || file.shard() >= whole.size()
                || file.revision() != whole.get(file.shard()).revision();
    }

    /// Where shards are to be written, one folder on each disk.
    public List<Path> folders() {
        return folders;
    }

    /// How many shards are whole, committed or not; also the number of the first one to be written.
    public int shards() {
        return whole.size();
    }

    /// How many documents those from number `first` on hold.
    public long documents(int first) {
        return whole.stream().skip(first).mapToLong(ShardEntry::documents).sum();
    }

    /// Makes the first so many shards the content of the store, in one step: readers see all of them or what was
    /// there before.
    ///
    /// @throws StoreFileException if one of them was not written, or another process has changed the store
    public GradientSnapshot commit(int shards) {
        int before = committed == null ? 0 : committed.shards().size();
        if (shards < before) {
            throw new IllegalArgumentException("shards: expected at least " + before + ", got " + shards);
        }
        while (whole.size() < shards) {
            ShardFile file = written(whole.size());
            if (file == null || !adopt(file)) {
                throw new StoreFileException(
                        store, "shard " + whole.size() + " is not whole on any disk; run again: whole shards are kept");
            }
        }
        GradientSnapshot snapshot = new GradientSnapshot(layout, whole.subList(0, shards));
        snapshot.replace(store, committed);
        committed = snapshot;
        return snapshot;
    }

    private @Nullable ShardFile written(int shard) {
        return disks.present().stream()
                .map(folder -> new ShardFile(ShardFile.path(folder, shard, 0), shard, 0, false))
                .filter(file -> Files.exists(file.path()))
                .findFirst()
                .orElse(null);
    }
}
