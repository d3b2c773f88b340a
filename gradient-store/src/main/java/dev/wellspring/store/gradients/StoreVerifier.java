package dev.wellspring.store.gradients;

import dev.wellspring.store.arrow.StoreFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Reads every byte of a store and compares it with every checksum and count.
public final class StoreVerifier {
    private StoreVerifier() {}

    /// Checks the latest snapshot.
    ///
    /// @param checked hears of every shard that was read, whole or not
    /// @return one line for each problem, which names the file, and the batch if it is in one; none if all is
    ///     well
    /// @throws StoreFileException if the folder holds no store
    public static List<String> verify(Path folder, Consumer<ShardEntry> checked) {
        GradientSnapshot snapshot;
        StoreDisks disks;
        List<String> problems = new ArrayList<>();
        try {
            snapshot = GradientSnapshot.read(folder);
            disks = StoreDisks.read(folder);
        } catch (StoreFileException e) {
            if (!GradientSnapshot.exists(folder)) {
                throw e;
            }
            return List.of(String.valueOf(e.getMessage()));
        }
        for (ShardEntry entry : snapshot.shards()) {
            GradientShardReader.problem(() -> {
                        try (GradientShardReader reader = disks.open(entry, snapshot.layout())) {
                            problems.addAll(reader.verify());
                        }
                    })
                    .ifPresent(problems::add);
            checked.accept(entry);
        }
        return problems;
    }
}
