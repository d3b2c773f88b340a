package dev.wellspring.gradient;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Some consecutive documents of a store, as they lie in the mapped file. Valid as long as the store is open, for any
/// number of threads.
public interface StoredBatch {
    /// Where it is, for people: the shard's file and the number of the batch.
    String name();

    /// The number of its shard.
    int shard();

    /// The number, within the shard, of its first document.
    long firstRow();

    /// The number of documents.
    int rows();

    /// (rows, values) of a module, numbered as in the layout: row-major, in the layout's precision, 64-byte aligned.
    MemorySegment values(int module);

    /// (rows) FLOAT32, or null where the precision has no scales.
    @Nullable
    MemorySegment scales(int module);

    /// Brings the batch into memory, if it is not there.
    void load();

    /// Reads the whole batch once and compares its checksums; leaves it in the processor's cache, if it fits.
    ///
    /// @return null if all is well, else one line that says what is wrong and what to do
    @Nullable
    String damage();

    /// What is kept of a document beside its gradient.
    StoredDocument document(int row);

    /// Its id alone.
    String documentId(int row);

    /// The number of its chunk alone.
    int part(int row);

    /// ‖G_d‖ of a document.
    double gradientNorm(int row);
}
