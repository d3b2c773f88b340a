package dev.wellspring.gradient;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// Collects the documents of one shard in memory. One thread at a time.
public interface GradientSink extends AutoCloseable {
    /// Adds a document; everything is copied.
    ///
    /// @param values for each module of the layout its numbers, in the layout's precision
    /// @param scales for each module the scale of its numbers, or empty where the precision has none
    void write(StoredDocument document, List<MemorySegment> values, float[] scales);

    /// The bytes collected so far, about.
    long byteSize();

    /// Ends the shard: its file, whole, in memory. The sink takes no more.
    EncodedShard finish();

    /// Lets go of what was collected, unless [#finish] handed it on.
    @Override
    void close();
}
