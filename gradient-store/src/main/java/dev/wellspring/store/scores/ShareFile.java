package dev.wellspring.store.scores;

import dev.wellspring.store.arrow.ArrowBatch;
import dev.wellspring.store.arrow.ArrowReader;
import dev.wellspring.store.arrow.StoreFileException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;

/// The shares of tokens or of modules in the scores of one shard, looked up document by document.
final class ShareFile implements AutoCloseable {
    private final ArrowReader reader;
    private final ShardFormat format;
    /// Of every batch the number of its first row, and in the end how many rows there are.
    private final long[] firstRows;

    /// @throws StoreFileException if the file is damaged or of another run
    ShareFile(Path file, ShardFormat format, ScoreLayout layout) {
        this.format = format;
        this.reader = new ArrowReader(file, ShardFormat.ORIGIN, Arena.ofShared());
        boolean opened = false;
        try {
            if (!format.layout(file, reader.schema()).equals(layout)) {
                throw new StoreFileException(file, "belongs to another run than the scores beside it; remove it");
            }
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

    /// The shares in one document's score for one query.
    ///
    /// @throws StoreFileException if the file has no such row
    double[] of(long row, int query) {
        if (row >= firstRows[firstRows.length - 1]) {
            throw new StoreFileException(
                    reader.file(), "has fewer rows than the scores beside it; run the score again");
        }
        int at = Arrays.binarySearch(firstRows, row);
        int index = at < 0 ? -at - 2 : at;
        ArrowBatch batch = reader.batch(index);
        return batch.listAt(format.firstQuery() + query, (int) (row - firstRows[index]));
    }

    @Override
    public void close() {
        reader.close();
    }
}
