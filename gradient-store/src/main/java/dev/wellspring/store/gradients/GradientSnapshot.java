package dev.wellspring.store.gradients;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.store.arrow.StoreFileException;
import dev.wellspring.tensor.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a store holds at one moment: `store.json`.
///
/// @param layout of every shard
/// @param shards numbered from 0
public record GradientSnapshot(GradientLayout layout, List<ShardEntry> shards) {
    /// The name of the file.
    public static final String FILE = "store.json";

    private static final String FORMAT = "wellspring-gradient-store";
    private static final String REMEDY = "delete it and index again: whole shards are kept";

    /// Copies the list.
    public GradientSnapshot {
        shards = List.copyOf(shards);
        for (int shard = 0; shard < shards.size(); shard++) {
            if (shards.get(shard).shard() != shard) {
                throw new IllegalArgumentException("shards: expected number " + shard + ", got "
                        + shards.get(shard).shard());
            }
        }
    }

    /// The number of documents, chunks counted one by one.
    public long documents() {
        return shards.stream().mapToLong(ShardEntry::documents).sum();
    }

    /// The size of all shards.
    public long bytes() {
        return shards.stream().mapToLong(ShardEntry::bytes).sum();
    }

    /// What stands for everything in the store: 64 hexadecimal digits.
    public String digest() {
        return Sha256.of(StoreJson.text(content("")));
    }

    /// This snapshot with another entry for one shard.
    GradientSnapshot with(ShardEntry entry) {
        List<ShardEntry> changed = new ArrayList<>(shards);
        changed.set(entry.shard(), entry);
        return new GradientSnapshot(layout, changed);
    }

    /// Whether a folder holds a store.
    public static boolean exists(Path store) {
        return Files.exists(store.resolve(FILE));
    }

    /// Reads the latest snapshot of a store.
    ///
    /// @throws StoreFileException if there is none, or it is damaged
    public static GradientSnapshot read(Path store) {
        if (!exists(store)) {
            throw new StoreFileException(
                    store, "holds no " + FILE + "; give a folder that wellspring index has written to its end");
        }
        Path file = store.resolve(FILE);
        String text = StoreJson.read(file);
        Content content = StoreJson.parse(file, text, Content.class, REMEDY);
        if (!content.format.equals(FORMAT) || content.version != GradientFormat.VERSION) {
            throw new StoreFileException(
                    file,
                    "expected format %s version %d, found %s version %d; read it with the release that wrote it"
                            .formatted(FORMAT, GradientFormat.VERSION, content.format, content.version));
        }
        GradientSnapshot snapshot = content.snapshot(file);
        if (!StoreJson.text(snapshot.content(snapshot.digest())).equals(text)) {
            throw new StoreFileException(file, "is damaged: its digest does not match; " + REMEDY);
        }
        return snapshot;
    }

    /// Puts this snapshot in the place of the one it was made from.
    ///
    /// @param before what the store is to hold until now, null for nothing
    /// @throws StoreFileException if it holds something else meanwhile
    void replace(Path store, @Nullable GradientSnapshot before) {
        GradientSnapshot found = exists(store) ? read(store) : null;
        if (!Objects.equals(found, before)) {
            throw new StoreFileException(
                    store.resolve(FILE), "was changed by another process; run again when that has ended");
        }
        StoreJson.write(store.resolve(FILE), content(digest()));
    }

    private Content content(String digest) {
        return new Content(
                FORMAT,
                GradientFormat.VERSION,
                layout.store(),
                layout.precision().word(),
                layout.modules().stream().map(ModuleEntry::of).toList(),
                documents(),
                bytes(),
                shards,
                digest);
    }

    /// The file as it stands.
    ///
    /// @param digest SHA-256 of the file's text with nothing between the quotes of its digest
    @JsonPropertyOrder({"format", "version", "store", "precision", "modules", "documents", "bytes", "shards", "digest"})
    private record Content(
            String format,
            int version,
            String store,
            String precision,
            List<ModuleEntry> modules,
            long documents,
            long bytes,
            List<ShardEntry> shards,
            String digest) {
        GradientSnapshot snapshot(Path file) {
            try {
                return new GradientSnapshot(
                        new GradientLayout(
                                store, modules.stream().map(ModuleEntry::stored).toList(), Precision.parse(precision)),
                        shards);
            } catch (IllegalArgumentException e) {
                throw new StoreFileException(file, "is damaged (" + e.getMessage() + "); " + REMEDY, e);
            }
        }
    }
}
