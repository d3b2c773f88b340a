package dev.wellspring.linalg;

import dev.wellspring.linalg.StoredRows.Numbers;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A mapped file of documents for benchmarks: batches of 64 MiB, as stores have them, each with the same numbers at an
/// address of its own.
public final class StoredFile implements AutoCloseable {
    /// The bytes of a batch.
    public static final long BATCH_BYTES = 64 << 20;

    private final StoredRows batch;
    private final Path file;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment mapped;

    /// Writes the file and maps it; its pages stay in the page cache if they fit.
    ///
    /// @param folder takes the file, which [#close] deletes
    public StoredFile(Path folder, Precision precision, int dimensions, int batches) throws IOException {
        int rows = (int) (BATCH_BYTES / precision.byteSize() / dimensions);
        batch = new StoredRows(precision, rows, dimensions, Numbers.REAL, 1);
        file = Files.createTempFile(folder, "documents", "." + precision.word());
        byte[] bytes = batch.bytes();
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < batches; i++) {
                out.write(bytes);
            }
        }
        try (FileChannel channel = FileChannel.open(file)) {
            mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /// The documents of a batch, wherever it lies.
    public StoredRows batch() {
        return batch;
    }

    public int batches() {
        return (int) (mapped.byteSize() / batch.values().byteSize());
    }

    /// One batch, where it lies in the file.
    public MemorySegment values(int number) {
        long size = batch.values().byteSize();
        return mapped.asSlice(number * size, size);
    }

    public @Nullable MemorySegment scales() {
        return batch.scales();
    }

    @Override
    public void close() {
        arena.close();
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
