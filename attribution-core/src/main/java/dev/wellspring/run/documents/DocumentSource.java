package dev.wellspring.run.documents;

import java.util.Iterator;
import java.util.OptionalLong;
import java.util.SortedMap;

/// Documents as token ids, in an order that never changes. What reads files and tokenises implements it.
public interface DocumentSource {
    /// What the documents are, by content: equal digests mean equal chunks.
    String digest();

    /// How many chunks there are, where that is known without reading them.
    OptionalLong count();

    /// The documents that the last pass left out before it was closed, by reason, such as `empty` or `one token`.
    SortedMap<String, Long> skipped();

    /// The chunks after the first `skip`.
    Chunks open(long skip);

    /// An open pass over the chunks; one thread at a time.
    interface Chunks extends Iterator<DocumentChunk>, AutoCloseable {
        @Override
        void close();
    }
}
