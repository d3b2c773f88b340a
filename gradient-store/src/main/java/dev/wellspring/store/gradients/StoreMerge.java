package dev.wellspring.store.gradients;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.store.arrow.PartFile;
import dev.wellspring.store.arrow.StoreFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// Makes one store out of several: their shards, one store after the other, numbered anew. Files are linked where the
/// system can, else copied; the stores they come from stay as they are, and may be deleted.
public final class StoreMerge {
    private final StoreDisks disks;
    private final List<Path> folders;
    private int shards;

    private StoreMerge(StoreDisks disks, List<Path> folders) {
        this.disks = disks;
        this.folders = folders;
    }

    /// Merges stores that were made with the same model, factors and settings. A document that is in two of them
    /// is in the new one twice.
    ///
    /// @param target a folder that exists and holds no store
    /// @param disks folders that exist, where the shards are to lie; if there are none, in the target
    /// @param sources folders of stores, at least one
    /// @throws StoreFileException that says in what two stores differ, or which file is missing or cannot be
    ///     written; nothing is left of the new store then
    public static GradientSnapshot merge(Path target, List<Path> disks, List<Path> sources) {
        if (GradientSnapshot.exists(target) || StoreDisks.exists(target)) {
            throw new StoreFileException(target, "holds a store, or the beginning of one; give a new or empty folder");
        }
        List<GradientSnapshot> snapshots =
                sources.stream().map(GradientSnapshot::read).toList();
        requireSame(sources, snapshots);
        GradientLayout layout = snapshots.getFirst().layout();
        StoreDisks made = StoreDisks.read(target).with(disks, layout.store());
        StoreMerge merge = new StoreMerge(made, made.foldersOn(disks));
        boolean whole = false;
        try {
            for (int i = 0; i < snapshots.size(); i++) {
                merge.take(snapshots.get(i), StoreDisks.read(sources.get(i)));
            }
            GradientSnapshot merged = new GradientStoreWriter(target, layout, disks).commit(merge.shards);
            whole = true;
            return merged;
        } finally {
            if (!whole) {
                merge.undo();
            }
        }
    }

    private static void requireSame(List<Path> sources, List<GradientSnapshot> snapshots) {
        for (int i = 1; i < snapshots.size(); i++) {
            String difference = LayoutDifference.between(
                    snapshots.getFirst().layout(), snapshots.get(i).layout());
            if (difference != null) {
                throw new StoreFileException(
                        sources.get(i),
                        "cannot be merged with " + sources.getFirst() + ": it has " + difference
                                + "; index its documents with the settings of the other");
            }
        }
    }

    private void take(GradientSnapshot snapshot, StoreDisks from) {
        for (ShardEntry entry : snapshot.shards()) {
            try (GradientShardReader reader = from.open(entry, snapshot.layout())) {
                if (!link(reader.file())) {
                    copy(reader.file());
                }
                shards++;
            }
        }
    }

    /// Returns false if none of the folders is on the disk where the file is.
    private boolean link(Path file) {
        for (Path folder : folders) {
            Path target = ShardFile.path(folder, shards, 0);
            try {
                Files.createLink(PartFile.part(target), file);
            } catch (UnsupportedOperationException | IOException elsewhere) {
                continue;
            }
            PartFile.publish(target);
            return true;
        }
        return false;
    }

    /// Copies to the disk with the most room, or, where that fails, to another.
    private void copy(Path file) {
        StoreFileException failure = null;
        for (Path folder : StoreDisks.roomiestFirst(folders)) {
            Path target = ShardFile.path(folder, shards, 0);
            try {
                Files.copy(file, PartFile.part(target), StandardCopyOption.REPLACE_EXISTING);
                PartFile.publish(target);
                return;
            } catch (IOException e) {
                failure = PartFile.failure(PartFile.part(target), e);
                ShardFile.delete(PartFile.part(target));
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void undo() {
        for (Path folder : folders) {
            ShardFile.in(folder).forEach(file -> ShardFile.delete(file.path()));
            ShardFile.delete(folder);
        }
        disks.delete();
    }
}
