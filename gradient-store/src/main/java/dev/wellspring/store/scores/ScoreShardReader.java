package dev.wellspring.store.scores;

import dev.wellspring.store.arrow.ArrowReader;
import dev.wellspring.store.arrow.Origin;
import dev.wellspring.store.arrow.StoreFileException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Reads one shard of scores from a memory-mapped file.
///
/// Opening checks the ends and the footer of the file, [#batch] the head of the batch, [#verify] every byte.
/// [#batch] may be called from several threads; [#close] ends all views.
public final class ScoreShardReader implements AutoCloseable {
    private final ArrowReader reader;
    private final ScoreLayout layout;
    private final int shard;
    private final long[] firstRows;
    private @Nullable ArrowReader bm25;

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
        verify(file, ShardFormat.ORIGIN);
    }

    static void verify(Path file, Origin origin) {
        try (ArrowReader reader = new ArrowReader(file, origin)) {
            reader.verify();
        }
    }

    /// From now on batches know BM25 scores.
    ///
    /// @throws StoreFileException if the file is damaged or has other rows than this one
    void addBm25(Path file) {
        var added = new ArrowReader(file, ShardFormat.BM25_ORIGIN, Arena.ofShared());
        bm25 = added; // closed with this reader, whatever comes
        boolean same =
                ShardFormat.BM25.layout(file, added.schema()).equals(layout) && added.batchCount() == batchCount();
        for (int i = 0; same && i < batchCount(); i++) {
            same = added.rows(i) == firstRows[i + 1] - firstRows[i];
        }
        if (!same) {
            throw new StoreFileException(
                    file, "has other queries or rows than the scores beside it; " + ShardFormat.BM25_ORIGIN.remedy());
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
        return new ScoreBatch(
                reader.batch(index),
                bm25 == null ? null : bm25.batch(index),
                layout.queries().size(),
                shard,
                firstRows[index]);
    }

    @Override
    public void close() {
        reader.close();
        if (bm25 != null) {
            bm25.close();
        }
    }
}
