package dev.wellspring.run.index;

import dev.wellspring.gradient.BasisFile;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// What belongs to a merged store beside its shards: the manifest, the coordinates, and what was added when.
public final class MergedStore {
    private MergedStore() {}

    /// Makes the folder, has its shards merged, and completes it.
    ///
    /// @param stores finished ones
    /// @param out a new or empty folder
    /// @param shards merges the shards into it
    /// @throws RunRefusedException when the stores differ in what decides their coordinates, or the folder is taken
    public static <T> T make(List<Path> stores, Path out, Supplier<T> shards) {
        Manifest first = Manifest.read(stores.getFirst());
        for (Path store : stores) {
            List<String> differences = first.differences(Manifest.read(store));
            if (!differences.isEmpty()) {
                throw new RunRefusedException(
                        store + ": expected a store like " + stores.getFirst() + ", found another ("
                                + String.join("; ", differences) + "); only stores of equal coordinates can be merged");
            }
        }
        Manifest begun = Manifest.of(first.kind(), first.version(), first.inputs(), first.settings());
        try (RunFolder folder = RunFolder.open(out, begun)) {
            Files.copy(stores.getFirst().resolve(BasisFile.NAME), folder.partial(BasisFile.NAME));
            Files.move(folder.partial(BasisFile.NAME), folder.resolve(BasisFile.NAME));
            Object modules = first.results().get(BasisStage.MODULES);
            if (modules != null) {
                folder.record(BasisStage.MODULES, modules);
            }
            T merged = shards.get();
            copyAdditions(stores, folder);
            folder.complete();
            return merged;
        } catch (IOException failure) {
            throw new UncheckedIOException(out + ": " + failure.getMessage(), failure);
        }
    }

    private static void copyAdditions(List<Path> stores, RunFolder folder) throws IOException {
        int number = 0;
        for (Path store : stores) {
            for (int i = 0; Files.exists(addition(store, i).resolve(Manifest.FILE)); i++) {
                Path target = Files.createDirectories(addition(folder.path(), number++));
                Files.copy(addition(store, i).resolve(Manifest.FILE), target.resolve(Manifest.FILE));
            }
        }
    }

    /// The folder of one set of documents in a store.
    static Path addition(Path store, int number) {
        return store.resolve("additions").resolve(String.format(Locale.ROOT, "%05d", number));
    }
}
