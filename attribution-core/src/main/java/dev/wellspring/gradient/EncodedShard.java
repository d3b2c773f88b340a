package dev.wellspring.gradient;

import java.io.IOException;
import java.nio.file.Path;

/// The file of one shard in memory, so that it can go to any disk, and to another one when a disk fails.
public interface EncodedShard extends AutoCloseable {
    /// The number of the shard.
    int shard();

    /// The size of the file.
    long byteSize();

    /// How many documents it holds.
    int documents();

    /// Writes the file into a folder, durable and whole or not at all.
    ///
    /// @throws IOException when the folder does not take it
    void writeTo(Path folder) throws IOException;

    /// Frees the memory.
    @Override
    void close();
}
