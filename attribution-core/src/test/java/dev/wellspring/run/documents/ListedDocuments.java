package dev.wellspring.run.documents;

import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// Documents that are there already.
public record ListedDocuments(List<DocumentChunk> chunks) implements DocumentSource {
    @Override
    public String digest() {
        return "listed";
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of(chunks.size());
    }

    @Override
    public SortedMap<String, Long> skipped() {
        return new TreeMap<>();
    }

    @Override
    public Chunks open(long skip) {
        Iterator<DocumentChunk> rest =
                chunks.subList(Math.toIntExact(skip), chunks.size()).iterator();
        return new Chunks() {
            @Override
            public boolean hasNext() {
                return rest.hasNext();
            }

            @Override
            public DocumentChunk next() {
                return rest.next();
            }

            @Override
            public void close() {}
        };
    }
}
