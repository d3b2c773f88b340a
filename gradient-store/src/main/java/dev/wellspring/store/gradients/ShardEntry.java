package dev.wellspring.store.gradients;

import java.nio.file.Path;

/// A shard as a snapshot knows it.
///
/// @param shard its number
/// @param revision how often it was repaired
/// @param documents how many it holds
/// @param bytes the size of its file
/// @param digest [GradientShardReader#digest]
public record ShardEntry(int shard, int revision, long documents, long bytes, String digest) {
    /// The entry of a file.
    static ShardEntry of(GradientShardReader reader, int revision) {
        return new ShardEntry(reader.shard(), revision, reader.documents(), reader.byteSize(), reader.digest());
    }

    /// The name of its file.
    Path file(Path folder) {
        return ShardFile.path(folder, shard, revision);
    }
}
