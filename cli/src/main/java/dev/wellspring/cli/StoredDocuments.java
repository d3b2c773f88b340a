package dev.wellspring.cli;

import dev.wellspring.gradient.StoredGradients;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.DocumentSource;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// The documents of a store, whose token ids it keeps, in its order.
///
/// @param digest of the snapshot
record StoredDocuments(StoredGradients store, String digest) implements DocumentSource {
    @Override
    public OptionalLong count() {
        return OptionalLong.of(Arrays.stream(store.shardDocuments()).sum());
    }

    @Override
    public SortedMap<String, Long> skipped() {
        return new TreeMap<>();
    }

    @Override
    public Chunks open(long skip) {
        return new Pass(store, skip);
    }

    private static final class Pass implements Chunks {
        private final StoredGradients store;
        private final long[] rows;
        private int shard;
        private long row;

        Pass(StoredGradients store, long skip) {
            this.store = store;
            this.rows = store.shardDocuments();
            this.row = skip;
        }

        @Override
        public boolean hasNext() {
            while (shard < rows.length && row >= rows[shard]) {
                row -= rows[shard++];
            }
            return shard < rows.length;
        }

        @Override
        public DocumentChunk next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no more documents");
            }
            return DocumentChunk.of(store.document(shard, row++));
        }

        @Override
        public void close() {}
    }
}
