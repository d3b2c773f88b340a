package dev.wellspring.store.gradients;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.store.arrow.ArrowReader;
import dev.wellspring.store.arrow.StoreFileException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads one shard of gradients from a memory-mapped file.
///
/// Opening reads the footer, however large the file is; a batch checks its own head when it is first used, and all of
/// itself when asked for its damage. Any number of threads may read; [#close] ends all views.
public final class GradientShardReader implements AutoCloseable {
    private final ArrowReader reader;
    private final GradientLayout layout;
    private final int shard;
    private final long[] firstRows;
    /// The batch that was last asked for a document, checked: documents of a ranking are asked for in order.
    private volatile @Nullable GradientBatch checked;

    /// @param shard the number that its batches are to carry
    /// @throws StoreFileException if the file is missing, truncated, damaged, or of another format or version
    GradientShardReader(Path file, int shard) {
        this.shard = shard;
        this.reader = new ArrowReader(file, GradientFormat.ORIGIN, Arena.ofShared());
        boolean opened = false;
        try {
            layout = GradientFormat.layout(file, reader.schema());
            firstRows = new long[reader.batchCount() + 1];
            for (int i = 0; i < reader.batchCount(); i++) {
                firstRows[i + 1] = firstRows[i] + reader.rows(i);
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
    public static GradientShardReader open(Path file) {
        return new GradientShardReader(file, 0);
    }

    /// What the shard holds.
    public GradientLayout layout() {
        return layout;
    }

    /// Where it lies.
    public Path file() {
        return reader.file();
    }

    /// The folder where it lies.
    Path folder() {
        return reader.file().resolveSibling("").normalize();
    }

    /// The number that its batches carry.
    public int shard() {
        return shard;
    }

    /// The number of documents.
    public long documents() {
        return firstRows[reader.batchCount()];
    }

    /// The size of the file.
    public long byteSize() {
        return reader.byteSize();
    }

    /// What stands for every byte of the file: SHA-256 of its footer, 64 hexadecimal digits.
    public String digest() {
        return Sha256.of(reader.footer());
    }

    public int batchCount() {
        return reader.batchCount();
    }

    /// Documents number `firstRow()` and following. A batch remembers where its columns are: keep it no longer
    /// than you need it.
    public GradientBatch batch(int index) {
        return new GradientBatch(this, index, firstRows[index]);
    }

    /// The batches in order.
    public Stream<GradientBatch> batches() {
        return IntStream.range(0, batchCount()).mapToObj(this::batch);
    }

    /// What is kept of one document beside its gradient.
    ///
    /// @param row its number within the shard
    /// @throws StoreFileException if it is damaged
    public StoredDocument document(long row) {
        int found = Arrays.binarySearch(firstRows, Objects.checkIndex(row, documents()));
        int index = found < 0 ? -found - 2 : found;
        GradientBatch batch = checked;
        if (batch == null || batch.index() != index) {
            batch = batch(index);
            batch.requireDocuments();
            checked = batch;
        }
        return batch.document((int) (row - batch.firstRow()));
    }

    /// Whether what is kept beside the gradients can be trusted for every document.
    public boolean knowsDocuments() {
        return batches().allMatch(GradientBatch::knowsDocuments);
    }

    /// What is kept of all documents beside their gradients, in order; not checked.
    public Stream<StoredDocument> storedDocuments() {
        return batches().flatMap(batch -> IntStream.range(0, batch.rows()).mapToObj(batch::document));
    }

    /// Reads the whole file and compares every checksum and count.
    ///
    /// @return one line for each batch that is damaged, and for what is not in a batch
    public List<String> verify() {
        List<String> problems = new ArrayList<>();
        problem(reader::verifySchema).ifPresent(problems::add);
        batches().map(GradientBatch::verify).filter(Objects::nonNull).forEach(problems::add);
        problem(reader::verifyEnd).ifPresent(problems::add);
        return problems;
    }

    /// What a check finds.
    static Optional<String> problem(Runnable check) {
        try {
            check.run();
            return Optional.empty();
        } catch (StoreFileException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    ArrowReader arrow() {
        return reader;
    }

    @Override
    public void close() {
        reader.close();
    }
}
