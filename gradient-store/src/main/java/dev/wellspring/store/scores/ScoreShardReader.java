package dev.wellspring.store.scores;

import dev.wellspring.store.arrow.ArrowReader;
import dev.wellspring.store.arrow.StoreFileException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/// Reads one shard of scores from a memory-mapped file.
///
/// Opening checks the ends and the footer of the file, [#batch] the head of the batch, [#verify] every byte.
/// [#batch] may be called from several threads; [#close] ends all views.
public final class ScoreShardReader implements AutoCloseable {
    private final ArrowReader reader;
    private final ScoreLayout layout;
    private final int shard;
    private final long[] firstRows;

    /// @param shard the number that its batches are to carry
    /// @throws StoreFileException if the file is missing, truncated, damaged, or of another format or version
    ScoreShardReader(Path file, int shard) {
        this.shard = shard;
        this.reader = new ArrowReader(file, ShardFormat.ORIGIN, Arena.ofShared());
        boolean opened = false;
        try {
            layout = ShardFormat.SCORES.layout(file, reader.schema());
            firstRows = new long[reader.batchCount() + 1];
            for (int i = 0; i < reader.batchCount(); i++) {
                firstRows[i + 1] = firstRows[i] + reader.batch(i).rows();
            }
            opened = true;
        } finally {
            if (!opened) {
                reader.close();
            }
        }
    }

    /// Opens a shard on its own.
    ///
    /// @throws StoreFileException if the file is missing, truncated, damaged, or of another format or version
    public static ScoreShardReader open(Path file) {
        return new ScoreShardReader(file, 0);
    }

    /// Reads the whole file and compares every checksum.
    ///
    /// @throws StoreFileException that names the file and the first damaged batch
    public static void verify(Path file) {
        try (ArrowReader reader = new ArrowReader(file, ShardFormat.ORIGIN)) {
            reader.verify();
        }
    }

    /// What the shard holds.
    public ScoreLayout layout() {
        return layout;
    }

    /// The number of documents.
    public long rowCount() {
        return firstRows[firstRows.length - 1];
    }

    public int batchCount() {
        return reader.batchCount();
    }

    /// Documents number `firstRow()` and following.
    ///
    /// @throws StoreFileException if the head of the batch is damaged
    public ScoreBatch batch(int index) {
        return new ScoreBatch(reader.batch(index), layout.queries().size(), shard, firstRows[index]);
    }

    @Override
    public void close() {
        reader.close();
    }
}
