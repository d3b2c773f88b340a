package dev.wellspring.cli;

import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.store.gradients.GradientShardReader;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// The documents of a shard, whose token ids the store has kept.
///
/// @param shard stays the caller's
record ShardDocuments(GradientShardReader shard) implements DocumentSource {
    @Override
    public String digest() {
        return shard.digest();
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of(shard.documents());
    }

    @Override
    public SortedMap<String, Long> skipped() {
        return new TreeMap<>();
    }

    @Override
    public Chunks open(long skip) {
        Iterator<DocumentChunk> chunks =
                shard.storedDocuments().skip(skip).map(DocumentChunk::of).iterator();
        return new Chunks() {
            @Override
            public boolean hasNext() {
                return chunks.hasNext();
            }

            @Override
            public DocumentChunk next() {
                return chunks.next();
            }

            @Override
            public void close() {}
        };
    }
}
