package dev.wellspring.store.gradients;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.store.arrow.PartFile;
import dev.wellspring.store.arrow.StoreFileException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Makes a store whole again: shards with damaged batches are written anew, without them or with their rows computed
/// again. The old file of a shard goes when the snapshot that names the new one is committed, not before; a repair that
/// is interrupted has repaired whole shards and left the others as they were.
///
/// A shard passes through memory. One process at a time; readers need not mind.
public final class StoreRepair {
    private final Path store;
    private final LostRows.@Nullable Source source;
    private final Consumer<ShardEntry> checked;
    private final StoreDisks disks;
    private GradientSnapshot snapshot;

    /// A shard that was written anew.
    ///
    /// @param shard its number
    /// @param lost what was left out or computed again; nothing if only the frame of the file was damaged
    /// @param isAsBefore whether the file has the bytes that it had before it was damaged
    public record Repaired(int shard, List<LostRows> lost, boolean isAsBefore) {
        /// Copies the list.
        public Repaired {
            lost = List.copyOf(lost);
        }
    }

    private StoreRepair(Path store, LostRows.@Nullable Source source, Consumer<ShardEntry> checked) {
        this.store = store;
        this.source = source;
        this.checked = checked;
        this.snapshot = GradientSnapshot.read(store);
        this.disks = StoreDisks.read(store).with(List.of(), layout().store());
        disks.requireAll(); // what lies on a disk that is merely not mounted is not lost
    }

    /// Leaves out the documents of damaged batches, and all of a shard whose file is missing or cannot be
    /// understood.
    ///
    /// @param checked hears of every shard that was read, and written anew where need was
    /// @return what was written anew, without what was lost
    /// @throws StoreFileException if a disk is not there, or in the place of a shard is a whole one of something
    ///     else
    public static List<Repaired> drop(Path store, Consumer<ShardEntry> checked) {
        return new StoreRepair(store, null, checked).run();
    }

    /// Puts rows computed again in the place of damaged ones. The same rows make the file that was there before.
    ///
    /// @param source computes them
    /// @param checked hears of every shard that was read, and written anew where need was
    /// @return what was written anew, with what was lost
    /// @throws StoreFileException if a disk is not there, or in the place of a shard is a whole one of something
    ///     else
    public static List<Repaired> rebuild(Path store, LostRows.Source source, Consumer<ShardEntry> checked) {
        return new StoreRepair(store, source, checked).run();
    }

    private GradientLayout layout() {
        return snapshot.layout();
    }

    private List<Repaired> run() {
        List<Repaired> repaired = new ArrayList<>();
        for (ShardEntry entry : snapshot.shards()) {
            Repaired anew = repair(entry);
            if (anew != null) {
                repaired.add(anew);
            }
            checked.accept(entry);
        }
        return repaired;
    }

    /// Returns null if nothing is wrong with the shard.
    private @Nullable Repaired repair(ShardEntry entry) {
        GradientShardReader found = find(entry);
        List<LostRows> lost;
        ShardEntry repaired;
        if (found == null) {
            lost = List.of(new LostRows(entry.shard(), 0, entry.documents(), List.of()));
            repaired = rewrite(entry, null, lost);
        } else {
            try (GradientShardReader reader = found) {
                if (reader.verify().isEmpty()) {
                    return null;
                }
                lost = reader.batches()
                        .filter(batch -> batch.damage() != null)
                        .map(StoreRepair::lost)
                        .toList();
                repaired = rewrite(entry, reader, lost);
            }
        }
        GradientSnapshot before = snapshot;
        snapshot = before.with(repaired);
        snapshot.replace(store, before);
        disks.present().forEach(folder -> ShardFile.delete(entry.file(folder)));
        return new Repaired(entry.shard(), lost, repaired.digest().equals(entry.digest()));
    }

    /// Returns null if the file is missing or nothing in it can be found.
    private @Nullable GradientShardReader find(ShardEntry entry) {
        try {
            return disks.open(entry, layout());
        } catch (StoreFileException e) {
            if (disks.isOccupied(entry)) {
                throw e;
            }
            return null;
        }
    }

    private static LostRows lost(GradientBatch batch) {
        return new LostRows(
                batch.shard(),
                batch.firstRow(),
                batch.rows(),
                batch.knowsDocuments()
                        ? IntStream.range(0, batch.rows())
                                .mapToObj(batch::document)
                                .toList()
                        : List.of());
    }

    private ShardEntry rewrite(ShardEntry entry, @Nullable GradientShardReader reader, List<LostRows> lost) {
        try (GradientShardWriter writer = new GradientShardWriter(entry.shard(), layout())) {
            if (reader == null) {
                lost.forEach(rows -> supply(rows, null, writer));
            } else {
                reader.batches()
                        .forEach(batch -> lost.stream()
                                .filter(rows -> rows.firstRow() == batch.firstRow())
                                .findFirst()
                                .ifPresentOrElse(rows -> supply(rows, reader, writer), () -> copy(batch, writer)));
            }
            try (ShardImage.Encoded image = writer.end()) {
                return write(image, entry, reader == null ? null : reader.folder());
            }
        }
    }

    private void supply(LostRows lost, @Nullable GradientShardReader reader, GradientShardWriter writer) {
        if (source == null) {
            return;
        }
        long before = writer.documents();
        source.supply(lost, reader, writer);
        long supplied = writer.documents() - before;
        if (supplied != lost.rows()) {
            throw new IllegalStateException(
                    "expected " + lost.rows() + " documents, got " + supplied + ", for " + lost.description());
        }
    }

    private void copy(GradientBatch batch, GradientShardWriter writer) {
        int modules = layout().modules().size();
        for (int row = 0; row < batch.rows(); row++) {
            List<MemorySegment> values = new ArrayList<>();
            float[] scales = new float[layout().precision().hasScales() ? modules : 0];
            for (int module = 0; module < modules; module++) {
                values.add(batch.values(module, row));
                if (scales.length > 0) {
                    scales[module] = batch.scale(module, row);
                }
            }
            writer.write(batch.document(row), values, scales);
        }
    }

    /// Writes the file beside the old one, or, where that fails, on another disk.
    private ShardEntry write(ShardImage.Encoded image, ShardEntry entry, @Nullable Path preferred) {
        List<Path> folders = new ArrayList<>(StoreDisks.roomiestFirst(disks.present()));
        if (preferred != null) {
            folders.remove(preferred);
            folders.addFirst(preferred);
        }
        FileSystemException failure = null;
        for (Path folder : folders) {
            Path file = ShardFile.path(folder, entry.shard(), entry.revision() + 1);
            try {
                image.write(file);
                try (GradientShardReader reader = new GradientShardReader(file, entry.shard())) {
                    return ShardEntry.of(reader, entry.revision() + 1);
                }
            } catch (FileSystemException e) {
                failure = e;
            }
        }
        FileSystemException last = Objects.requireNonNull(failure, "no disk");
        throw PartFile.failure(Path.of(last.getFile()), last);
    }
}
