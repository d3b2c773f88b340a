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
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/// What belongs to a merged store beside its shards: the manifest, the coordinates, and what was added when.
public final class MergedStore {
    private MergedStore() {}

    /// Makes the folder, has its shards merged, and completes it.
    ///
    /// @param stores finished ones
    /// @param out a new or empty folder
    /// @param shardsOf how many shards a store has; in the merged one they follow those of the stores before
    /// @param shards merges the shards into it
    /// @throws RunRefusedException when the stores differ in what decides their coordinates, or the folder is taken
    public static <T> T make(List<Path> stores, Path out, ToIntFunction<Path> shardsOf, Supplier<T> shards) {
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
            for (String finding : List.of(BasisStage.DIGEST, BasisStage.MODULES)) {
                Object found = first.results().get(finding);
                if (found != null) {
                    folder.record(finding, found);
                }
            }
            T merged = shards.get();
            copyAdditions(stores, folder, shardsOf);
            folder.complete();
            return merged;
        } catch (IOException failure) {
            throw new UncheckedIOException(out + ": " + failure.getMessage(), failure);
        }
    }

    private static void copyAdditions(List<Path> stores, RunFolder folder, ToIntFunction<Path> shardsOf)
            throws IOException {
        int number = 0;
        int shardsBefore = 0;
        for (Path store : stores) {
            for (int i = 0; Files.exists(Addition.folder(store, i).resolve(Manifest.FILE)); i++) {
                Manifest addition = Manifest.read(Addition.folder(store, i));
                if (addition.results().containsKey(Addition.DOCUMENTS)) { // else its shards are not in the merged store
                    copy(addition, Addition.folder(folder.path(), number++), shardsBefore);
                }
            }
            shardsBefore += shardsOf.applyAsInt(store);
        }
    }

    private static void copy(Manifest addition, Path target, int shardsBefore) throws IOException {
        Manifest begun = Manifest.of(addition.kind(), addition.version(), addition.inputs(), addition.settings());
        try (RunFolder folder = RunFolder.open(target, begun)) {
            addition.results()
                    .forEach((name, result) -> folder.record(
                            name,
                            name.equals(Addition.FIRST_SHARD) && result instanceof Number first
                                    ? first.intValue() + shardsBefore
                                    : result));
            folder.complete();
        }
    }
}
